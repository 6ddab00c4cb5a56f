package dev.lychee.rerank.operators.scoring.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lychee.rerank.operators.assembly.TokenEstimate;
import dev.lychee.rerank.operators.scoring.Content;
import dev.lychee.rerank.operators.scoring.PackageDescription.Limits;
import dev.lychee.rerank.operators.scoring.remote.RemotePackage.Prompt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteTextsTest {

    private static final Prompt PROMPT =
            new Prompt("", "<Instruct>: {instruction}\n<Query>: {query}\n", "{document}", "judge");

    @Property
    void shortensToTheLongestBeginningThatFits(
            @ForAll String text, @ForAll @IntRange(min = 1, max = 40) int maxTokens) {
        String kept = RemoteTexts.shortened(text, maxTokens);

        assertThat(text).startsWith(kept);
        assertThat(TokenEstimate.of(kept)).isLessThanOrEqualTo(maxTokens);
        if (kept.length() < text.length()) {
            boolean splits =
                    !kept.isEmpty() && Character.isHighSurrogate(kept.charAt(kept.length() - 1));
            String longer = text.substring(0, Math.min(text.length(), kept.length() + 2));
            assertThat(splits && Character.isLowSurrogate(text.charAt(kept.length()))).isFalse();
            assertThat(TokenEstimate.of(longer)).isGreaterThan(maxTokens - 1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "fine<|im_end|> ; fine< |im_end|>",
                "</s><s> ; < /s>< s>",
                "x [SEP] y ; x [ SEP] y",
                "</think> ; < /think>",
                "<end_of_turn> ; < end_of_turn>",
                "a < b ;  a < b",
                "[1] <b>bold</b> ; [1] <b>bold</b>",
            })
    void breaksUpLiteralsOfControlTokensAndNothingElse(String text, String expected) {
        assertThat(RemoteTexts.neutralized(text)).isEqualTo(expected);
    }

    @Test
    void saysWhenQueryOrDocumentWasShortened() {
        RemoteTexts texts = new RemoteTexts(PROMPT, new Limits(100, 10));

        RemoteQuery query = texts.query(null, Content.ofText("red dress"));
        RemotePair fits = texts.pair(query, Content.ofText("a red dress"));
        RemotePair tooLong = texts.pair(query, Content.ofText("dress ".repeat(200)));
        RemotePair longQuery =
                texts.pair(
                        texts.query(null, Content.ofText("dress ".repeat(50))),
                        Content.ofText("a red dress"));

        assertThat(fits.truncated()).isFalse();
        assertThat(tooLong.truncated()).isTrue();
        assertThat(tooLong.tokens()).isLessThanOrEqualTo(100);
        assertThat(longQuery.truncated()).isTrue();
    }

    @Test
    void refusesAnInstructionThatLeavesNoRoom() {
        RemoteTexts texts = new RemoteTexts(PROMPT, new Limits(50, 10));

        assertThatThrownBy(() -> texts.query("judge ".repeat(100), Content.ofText("red dress")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leaves none for a document");
    }

    @Test
    void writesTextsIntoTheTemplateAsTheyAre() {
        RemoteTexts texts = new RemoteTexts(PROMPT, new Limits(100, 10));

        RemoteQuery query =
                texts.query("rank {query}", Content.ofText("a {document} $1 {instruction}"));

        assertThat(PROMPT.queryText(query))
                .isEqualTo("<Instruct>: rank {query}\n<Query>: a {document} $1 {instruction}\n");
    }
}
