"""山海协作 Tracker: records, facts, points and scorecards of Zhejiang's paired assistance."""
