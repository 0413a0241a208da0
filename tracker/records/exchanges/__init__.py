"""People and exchange: visits, secondments, specialists, training, institutions, consumption."""
