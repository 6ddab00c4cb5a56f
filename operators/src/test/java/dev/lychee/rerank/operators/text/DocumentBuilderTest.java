package dev.lychee.rerank.operators.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.assembly.TokenEstimate;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.Profile;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DocumentBuilderTest {

    private static final List<String> POINTS = List.of("washed", " ", "cotton", "loose", "long");

    @Test
    void joinsTheTitleAndUpToThreeSellingPoints() {
        assertThat(DocumentBuilder.DEFAULT.document(candidate(null, " jacket ", "prose", POINTS)))
                .isEqualTo("jacket | washed | cotton | loose");
    }

    @Test
    void takesTheDescriptionWhereThereAreNoSellingPoints() {
        assertThat(DocumentBuilder.DEFAULT.document(candidate(null, "jacket", "prose", List.of())))
                .isEqualTo("jacket | prose");
    }

    @Test
    void takesTheCandidatesOwnTextAloneAndUncut() {
        String text = "long ".repeat(1_000);

        assertThat(DocumentBuilder.DEFAULT.document(candidate(text, "jacket", "prose", POINTS)))
                .isEqualTo(text);
    }

    @Test
    void takesTheOwnTextAsAPartWhereThePartsNameIt() {
        assertThat(
                        document(
                                List.of("title", "text", "category"),
                                candidate("the text", "jacket", "prose", POINTS)))
                .isEqualTo("jacket / the text / Coats");
    }

    @Test
    void takesTheFirstOfSeveralPartsThatIsThere() {
        List<String> parts = List.of("text or title", "description or selling_points");

        assertThat(document(parts, candidate("  ", "jacket", null, POINTS)))
                .isEqualTo("jacket / washed / cotton");
    }

    @Test
    void givesTheTitleOfACandidateThatHasNoneOfTheParts() {
        assertThat(document(List.of("description"), candidate(null, "jacket", null, POINTS)))
                .isEqualTo("jacket");
    }

    @Test
    void isEmptyForACandidateOfPictures() {
        assertThat(DocumentBuilder.DEFAULT.document(candidate(null, null, null, List.of())))
                .isEmpty();
    }

    @Property
    void staysInItsBoundsAndNeverSplitsACharacter(
            @ForAll String title,
            @ForAll @Size(max = 5) List<String> points,
            @ForAll @IntRange(min = 1, max = 60) int maxCharacters,
            @ForAll @IntRange(min = 1, max = 30) int maxTokens) {
        // Whole characters only, so that half of one is a mistake of the cut.
        String whole = title.replaceAll("[\\x{D800}-\\x{DFFF}]", "") + "👍裙👍";
        DocumentBuilder builder =
                new DocumentBuilder(
                        new Profile.Document(null, null, null, maxCharacters, maxTokens));

        String document = builder.document(candidate(null, whole, null, points));

        assertThat(document.length()).isLessThanOrEqualTo(maxCharacters);
        assertThat(TokenEstimate.of(document)).isLessThanOrEqualTo(maxTokens);
        assertThat(whole.strip() + " | " + String.join(" | ", points))
                .startsWith(
                        document.substring(0, Math.min(document.length(), whole.strip().length())));
        if (document.length() <= whole.strip().length()) {
            assertThat(document.codePoints())
                    .noneMatch(c -> Character.getType(c) == Character.SURROGATE);
        }
    }

    private static String document(List<String> parts, Candidate candidate) {
        return new DocumentBuilder(new Profile.Document(parts, " / ", 2, null, null))
                .document(candidate);
    }

    private static Candidate candidate(
            @Nullable String text,
            @Nullable String title,
            @Nullable String description,
            List<String> points) {
        return new Candidate(
                "id",
                text,
                title,
                description,
                points,
                "Coats",
                null,
                null,
                List.of(),
                null,
                Map.of());
    }
}
