package dev.lychee.rerank.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CandidateSetCodecTest {

    private final CandidateSetCodec codec =
            new CandidateSetCodec(new MessageLimits(10_000, 5, 100));

    @Test
    void readsWhatItWrites() throws Exception {
        CandidateSet set =
                decode("{'request_id':'r','query':'q','candidates':[{'id':'a','text':'x'}]}");

        assertThat(codec.decode(CandidateSetCodec.encode(set))).isEqualTo(set);
    }

    @Test
    void aWishOfTheSameStrategyStartsFromTheProfilesNumbers() throws Exception {
        ThresholdSpec profile =
                new ThresholdSpec(
                        "recall", null, null, null, null, null, 2, 9, null, 0.8, null, null);
        ThresholdSpec sameStrategy =
                decode(
                                "{'request_id':'r','query':'q','candidates':['x'],'overrides':{'threshold':{'max_keep':5}}}")
                        .overrides()
                        .threshold();
        ThresholdSpec another =
                decode(
                                "{'request_id':'r','query':'q','candidates':['x'],'overrides':{'threshold':{'strategy':'precision','target':0.7}}}")
                        .overrides()
                        .threshold();

        assertThat(profile.overriddenBy(sameStrategy))
                .returns("recall", ThresholdSpec::strategy)
                .returns(0.8, ThresholdSpec::target)
                .returns(2, ThresholdSpec::minKeep)
                .returns(5, ThresholdSpec::maxKeep);
        assertThat(profile.overriddenBy(another))
                .returns("precision", ThresholdSpec::strategy)
                .returns(0.7, ThresholdSpec::target)
                .returns(9, ThresholdSpec::maxKeep);
    }

    @Test
    void plainStringsAreDocumentsWithTheirPositionAsId() throws Exception {
        CandidateSet set = decode("{'request_id':'r','query':'q','documents':['x','y'],'top_k':1}");

        assertThat(set.candidates()).extracting(Candidate::id).containsExactly("0", "1");
        assertThat(set.candidates()).extracting(Candidate::text).containsExactly("x", "y");
        assertThat(set.topN()).isEqualTo(1);
    }

    @Test
    void absentPartsHaveTheirDefaults() throws Exception {
        CandidateSet set = decode("{'request_id':'r','query':{'text':'q'},'candidates':['x']}");

        assertThat(set.shard()).isEqualTo(Shard.WHOLE);
        assertThat(set.overrides()).isEqualTo(Overrides.NONE);
        assertThat(set.context()).isEqualTo(SetContext.EMPTY);
    }

    @Test
    void fieldValuesKeepTheirTypes() throws Exception {
        CandidateSet set =
                decode(
                        "{'request_id':'r','query':'q','candidates':[{'id':'a','text':'x',"
                                + "'fields':{'n':1,'t':'s','b':true,'ns':[1,2.5],'ts':['a',1]}}]}");

        assertThat(set.candidates().get(0).fields())
                .containsEntry("n", FieldValue.of(1))
                .containsEntry("t", FieldValue.of("s"))
                .containsEntry("b", FieldValue.of(true))
                .containsEntry("ns", FieldValue.ofNumbers(java.util.List.of(1.0, 2.5)))
                .containsEntry("ts", FieldValue.ofTexts(java.util.List.of("a", "1")));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                              | MALFORMED_JSON | not JSON",
                "[]                                             | MALFORMED_JSON | expected one JSON object",
                "'text'                                         | MALFORMED_JSON | expected one JSON object",
                "null                                           | MALFORMED_JSON | send an object",
                "{} {}                                          | MALFORMED_JSON | ",
                "{'query':'q','candidates':['x']}               | MISSING_FIELD  | request_id: is missing",
                "{'request_id':' ','query':'q','candidates':['x']} | MISSING_FIELD | request_id: is missing",
                "{'request_id':'r','candidates':['x']}          | MISSING_FIELD  | query: is missing",
                "{'request_id':'r','query':{},'candidates':['x']} | MISSING_FIELD | query: a text, an image",
                "{'request_id':'r','query':'q'}                 | MISSING_FIELD  | candidates: is missing",
                "{'request_id':'r','query':'q','candidates':[]} | MISSING_FIELD  | candidates: the list is empty",
                "{'request_id':'r','query':'q','candidates':'x'} | INVALID_FIELD | candidates: expected a list",
                "{'request_id':'r','query':'q','candidates':[7]} | INVALID_FIELD | candidates[0]: expected a document",
                "{'request_id':'r','query':'q','candidates':[{'text':'x'}]} | MISSING_FIELD | candidates[0].id",
                "{'request_id':'r','query':'q','candidates':[{'id':'a'}]} | MISSING_FIELD | candidates[0]: a text, a title or an image",
                "{'request_id':'r','query':'q','candidates':[{'id':'a','text':'x'},{'id':'a','text':'y'}]} | DUPLICATE_ID | candidates[1].id: \"a\" stands twice",
                "{'request_id':'r','query':'q','candidates':[{'id':'a','text':'x','retrieval_score':'high'}]} | INVALID_FIELD | candidates[0].retrieval_score: expected a number",
                "{'request_id':'r','query':'q','candidates':[{'id':'a','text':'x','retrieval_score':1e999}]} | INVALID_FIELD | candidates[0].retrieval_score",
                "{'request_id':'r','query':'q','candidates':[{'id':'a','text':'x','fields':{'o':{}}}]} | INVALID_FIELD | candidates[0].fields.o: expected a number",
                "{'request_id':'r','query':'q','candidates':[{'id':'a','text':'x','fields':{'o':null}}]} | INVALID_FIELD | candidates[0].fields.o: is null",
                "{'request_id':'r','query':'q','candidates':[{'id':'a','image':{}}]} | INVALID_FIELD | exactly one of uri and base64",
                "{'request_id':'r','query':'q','candidates':['x'],'top_n':0} | INVALID_FIELD | top_n: \"0\" is not allowed",
                "{'request_id':'r','query':'q','candidates':['x'],'top_n':1.5} | INVALID_FIELD | top_n",
                "{'request_id':'r','query':'q','candidates':['x'],'score_threshold':11} | INVALID_FIELD | score_threshold",
                "{'request_id':'r','query':'q','candidates':['x'],'deadline_ms':-1} | INVALID_FIELD | deadline_ms",
                "{'request_id':'r','query':'q','candidates':['x'],'timestamp':'today'} | INVALID_FIELD | timestamp",
                "{'request_id':'r','query':'q','candidates':['x'],'overrides':{'temperature':0}} | INVALID_FIELD | overrides.temperature",
                "{'request_id':'r','query':'q','candidates':['x'],'overrides':{'weights':{'rating':-1}}} | INVALID_FIELD | overrides.weights.rating",
                "{'request_id':'r','query':'q','candidates':['x'],'overrides':{'threshold':{'strategy':'best'}}} | INVALID_FIELD | overrides.threshold.strategy: \"best\"",
                "{'request_id':'r','query':'q','candidates':['x'],'overrides':{'threshold':{'target':1.5}}} | INVALID_FIELD | overrides.threshold.target: \"1.5\"",
                "{'request_id':'r','query':'q','candidates':['x'],'overrides':{'threshold':{'max_loss':-0.1}}} | INVALID_FIELD | overrides.threshold.max_loss",
                "{'request_id':'r','query':'q','candidates':['x'],'overrides':{'threshold':{'confidence':2}}} | INVALID_FIELD | overrides.threshold.confidence",
                "{'request_id':'r','query':'q','candidates':['x'],'overrides':{'threshold':{'sensitivity':-1}}} | INVALID_FIELD | overrides.threshold.sensitivity",
                "{'request_id':'r','query':'q','candidates':['x'],'overrides':{'threshold':{'strategy':'guarantee','on':'score'}}} | INVALID_FIELD | overrides.threshold.on: \"score\"",
                "{'request_id':'r','query':'q','candidates':['x'],'overrides':{'price_range':[5,1]}} | INVALID_FIELD | overrides.price_range",
                "{'request_id':'r','query':'q','candidates':['x'],'shard':{'index':2,'count':2}} | INVALID_FIELD | shard.index",
                "{'request_id':'r','query':'q','candidates':['x'],'context':{'price_intent':'any'}} | INVALID_FIELD | context.price_intent",
                "{'request_id':'r','query':'q','candidates':['1','2','3','4','5','6']} | TOO_LARGE | candidates: 6 documents, the limit is 5",
            })
    void saysWhatIsWrongWithAMessage(String json, Reason reason, String sentence) {
        InvalidMessageException refusal =
                refusal(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));

        assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(reason);
        if (sentence != null) {
            assertThat(refusal).hasMessageContaining(sentence);
        }
    }

    @Test
    void anEmptyRecordIsRefused() {
        assertThat(refusal(null).reason()).isEqualTo(Reason.MALFORMED_JSON);
        assertThat(refusal(new byte[0]).reason()).isEqualTo(Reason.MALFORMED_JSON);
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedWithTheirPlace() {
        byte[] message = "{\"request_id\":\"_\"}".getBytes(StandardCharsets.UTF_8);
        message[15] = (byte) 0xC3;

        InvalidMessageException refusal = refusal(message);

        assertThat(refusal.reason()).isEqualTo(Reason.MALFORMED_UTF8);
        assertThat(refusal).hasMessageContaining("byte 15");
    }

    @Test
    void aRecordOverItsLimitIsRefused() {
        assertThat(refusal(new byte[10_001]).reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void aDocumentIsMeasuredInBytesOfUtf8() throws Exception {
        String document = "红".repeat(34);

        InvalidMessageException refusal =
                refusal(
                        ("{\"request_id\":\"r\",\"query\":\"q\",\"candidates\":[\""
                                        + document
                                        + "\"]}")
                                .getBytes(StandardCharsets.UTF_8));

        assertThat(refusal.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(refusal)
                .hasMessageContaining("candidates[0]: 102 bytes of text, the limit is 100");
    }

    @Test
    void deeplyNestedJsonIsRefusedRatherThanOverflowingTheStack() {
        String nested = "[".repeat(2_000) + "]".repeat(2_000);

        assertThat(
                        refusal(
                                        ("{\"request_id\":\"r\",\"x\":" + nested + "}")
                                                .getBytes(StandardCharsets.UTF_8))
                                .reason())
                .isEqualTo(Reason.MALFORMED_JSON);
    }

    /** Whatever comes: a set or a refusal with a sentence, never another exception. */
    @Property(tries = 2_000)
    void neverThrowsAnythingElse(@ForAll("mangled") byte[] message) {
        try {
            assertThat(codec.decode(message)).isNotNull();
        } catch (InvalidMessageException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Provide
    Arbitrary<byte[]> mangled() {
        byte[] valid =
                ("{\"request_id\":\"r\",\"query\":{\"text\":\"q\"},\"candidates\":[{\"id\":\"a\","
                                + "\"text\":\"x\",\"fields\":{\"p\":[1,2]}}],\"shard\":{\"index\":0,\"count\":1}}")
                        .getBytes(StandardCharsets.UTF_8);
        return Arbitraries.integers()
                .between(0, valid.length - 1)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .flatMap(
                        places ->
                                Arbitraries.bytes()
                                        .map(
                                                value -> {
                                                    byte[] mangled = valid.clone();
                                                    places.forEach(place -> mangled[place] = value);
                                                    return mangled;
                                                }));
    }

    @Test
    void aThousandCandidatesAreReadInOrder() throws Exception {
        String documents =
                IntStream.range(0, 1_000)
                        .mapToObj(i -> "\"document " + i + "\"")
                        .collect(Collectors.joining(","));

        CandidateSet set =
                new CandidateSetCodec(MessageLimits.DEFAULTS)
                        .decode(
                                ("{\"request_id\":\"r\",\"query\":\"q\",\"candidates\":["
                                                + documents
                                                + "]}")
                                        .getBytes(StandardCharsets.UTF_8));

        assertThat(set.candidates()).hasSize(1_000);
        assertThat(set.candidates().get(999).text()).isEqualTo("document 999");
    }

    private CandidateSet decode(String json) throws InvalidMessageException {
        return codec.decode(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private InvalidMessageException refusal(byte @Nullable [] message) {
        return catchThrowableOfType(InvalidMessageException.class, () -> codec.decode(message));
    }
}
