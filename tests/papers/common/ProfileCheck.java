import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;

/**
 * Validates files one after another, so that the machine starts once. A line of input is a flavour
 * ("2a", "ua1"), a profile of the jar and a file, between tabs. The answer is a line "checks N",
 * a line for each rule that failed ("fails CLAUSE-TEST message"), and a line "done"; or "error …".
 */
public final class ProfileCheck {
    public static void main(String[] arguments) throws Exception {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        BufferedReader input =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream answers = new PrintStream(System.out, true, "UTF-8");
        System.setOut(System.err);  // whatever a library says must not look like an answer
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] parts = line.split("\t");
            try {
                validate(parts[0], parts[1], parts[2], answers);
                answers.println("done");
            } catch (Exception error) {
                answers.println("error " + String.valueOf(error).replaceAll("\\s+", " "));
            }
        }
    }

    private static void validate(String name, String profile, String file, PrintStream answers)
            throws Exception {
        PDFAFlavour flavour = PDFAFlavour.fromString(name);
        try (InputStream rules = ProfileCheck.class.getClassLoader().getResourceAsStream(profile);
             PDFAParser parser =
                 Foundries.defaultInstance().createParser(new FileInputStream(file), flavour)) {
            ValidationProfile wanted = Profiles.profileFromXml(rules);
            ValidationResult result =
                Foundries.defaultInstance().createValidator(wanted, false).validate(parser);
            answers.println("checks " + result.getTotalAssertions());
            TreeSet<String> failed = new TreeSet<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    failed.add(assertion.getRuleId().getClause() + "-"
                        + assertion.getRuleId().getTestNumber() + " "
                        + assertion.getMessage().replaceAll("\\s+", " "));
                }
            }
            if (failed.isEmpty() != result.isCompliant()) {
                throw new IllegalStateException("verdict and assertions disagree");
            }
            for (String each : failed) {
                answers.println("fails " + each);
            }
        }
    }
}
