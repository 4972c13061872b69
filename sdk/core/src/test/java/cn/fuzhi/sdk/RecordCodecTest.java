package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import cn.fuzhi.sdk.model.Contact;
import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.Op;
import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.Platform;
import cn.fuzhi.sdk.model.PlatformKind;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RecordKind;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.Violation;
import cn.fuzhi.sdk.rules.Divisions;
import cn.fuzhi.sdk.rules.RuleContext;
import cn.fuzhi.sdk.rules.Rules;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordCodecTest {
    private static final Lesson LESSON = Contract.example(Lesson.class);

    /** The example without most of its optional fields. */
    private static final Pairing PAIRING = Contract.example(Pairing.class).toBuilder()
            .stages(null)
            .subjectCodes(null)
            .scopeKind(null)
            .networkCode(null)
            .contactSupported(null)
            .confirmations(null)
            .changedOn(null)
            .sourceId(null)
            .plannedLessonsPerWeek(new BigDecimal("1.50"))
            .build();

    @Test
    void freezesIntoBytesInTheOrderOfTheContract() {
        FrozenRecord frozen = RecordCodec.freeze(PAIRING);

        assertThat(new String(frozen.payload(), StandardCharsets.UTF_8))
                .isEqualTo("{\"schoolYear\":\"2022-2023\",\"supportingSchoolCode\":\"2161000001\","
                        + "\"supportedSchoolCode\":\"2161000002\",\"bodyCode\":\"610700\",\"fixed\":true,"
                        + "\"validFrom\":\"2022-09-01\",\"validTo\":\"2023-07-15\",\"classroomTypes\":[\"DELIVERY\"],"
                        + "\"contactSupporting\":{\"name\":\"李示例\",\"phone\":\"13800000000\"},"
                        + "\"plannedLessonsPerWeek\":1.50,\"status\":\"ACTIVE\"}");
        assertThat(frozen.digest()).isEqualTo("7217f465631a9eee4061f11bd34740aff9b5b74c8e1e2d5dfb38f9c84c1dbbff");
        assertThat(frozen.key()).isEqualTo("2022-2023~2161000001~2161000002");
        assertThat(frozen.scope()).isEqualTo("610700~2022-2023");
        assertThat(frozen.kind()).isEqualTo(RecordKind.PAIRING);
        assertThat(frozen.op()).isEqualTo(Op.UPSERT);
    }

    @Test
    void writesTimesWithSecondsAndTheirOffset() {
        assertThat(new String(RecordCodec.freeze(LESSON).payload(), StandardCharsets.UTF_8))
                .contains("\"startAt\":\"2022-09-16T09:00:00+08:00\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2022-09-06T00:00:00+08:00",
                "9999-12-31T23:59:59+08:00",
                "2022-09-16T09:00:00.12+08:00",
                "2022-09-16T01:00:00Z",
                "0099-01-02T03:04:05+08:00"
            })
    void timeIsWrittenAsItWasRead(String time) {
        Lesson lesson = LESSON.toBuilder().startAt(OffsetDateTime.parse(time)).build();

        assertThat(new String(RecordCodec.freezeChecked(lesson).payload(), StandardCharsets.UTF_8))
                .contains("\"startAt\":\"" + time + "\"");
    }

    @Test
    void deletionHasNoPayload() {
        FrozenRecord deletion = RecordCodec.freezeDeletion(RecordKind.LESSON, "LUEYANG01~L-0001");

        assertThat(deletion.op()).isEqualTo(Op.DELETE);
        assertThat(deletion.payload()).isNull();
        assertThat(deletion.digest()).isNull();
    }

    @Test
    void refusesWithEveryErrorAtOnce() {
        Lesson broken = LESSON.toBuilder()
                .bodyCode("略阳")
                .courseName("　")
                .scheduler(Contact.builder().name("张样本").phone("12").build())
                .build();

        FuzhiException.Refused refused = refusal(() -> RecordCodec.freeze(broken));

        assertThat(refused.violations())
                .extracting(v -> v.rule() + " " + v.pointer())
                .containsExactly("R-04 /bodyCode", "R-01 /courseName", "R-10 /scheduler/phone");
        assertThat(refused.violations()).extracting(Violation::key).containsOnly("LUEYANG01~L-0001");
        assertThat(refused).hasMessageContaining("报送单位代码").hasMessageContaining("R-10");
        assertThat(refused.retryable()).isFalse();
    }

    @Test
    void sendsAnAbolishedDivisionCodeAsItWasGiven() throws IOException {
        School school = Contract.example(School.class).toBuilder()
                .divisionCode("610721")
                .locationCode12(null)
                .build();
        RuleContext context =
                RuleContext.builder().divisions(Divisions.bundled()).build();

        assertThat(Rules.check(List.of(school), context).warnings())
                .extracting(Violation::rule)
                .containsExactly("R-05");
        FrozenRecord frozen = RecordCodec.freeze(school);
        assertThat(Json.MAPPER.readTree(frozen.payload()).get("divisionCode").asText())
                .isEqualTo("610721");
    }

    @Test
    void freezesAfterARefusalAsBefore() {
        FrozenRecord before = RecordCodec.freeze(LESSON);
        refusal(() -> RecordCodec.freeze(LESSON.toBuilder().lessonNo("a/b").build()));

        assertThat(RecordCodec.freeze(LESSON)).isEqualTo(before);
    }

    @Test
    void freezesInManyThreadsAtOnce() {
        List<Lesson> lessons = IntStream.range(0, 500)
                .mapToObj(i -> LESSON.toBuilder().lessonNo("L-" + i).build())
                .toList();
        List<FrozenRecord> alone = lessons.stream().map(RecordCodec::freeze).toList();

        assertThat(lessons.parallelStream().map(RecordCodec::freeze).toList()).isEqualTo(alone);
    }

    @Test
    void numberThatCannotBeWrittenIsRefusedWithItsPlace() {
        Pairing broken = PAIRING.toBuilder()
                .plannedLessonsPerWeek(new BigDecimal("1e-1000000000"))
                .build();

        assertThat(refusal(() -> RecordCodec.freeze(broken)).violations())
                .extracting(Violation::pointer)
                .containsExactly("/plannedLessonsPerWeek");
        assertThat(RecordCodec.freeze(LESSON).payload()).startsWith(utf8("{\"platformCode\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"👩‍🏫 直播课", "𠀀𪚥𫝀 生僻字", "é ñ ệ", "ﷺ ｆｕｌｌ", "A\u0000", "tab\tline\n"})
    void textIsNeverNormalised(String text) {
        Lesson lesson = LESSON.toBuilder().remark(text).build();
        byte[] payload = RecordCodec.freezeChecked(lesson).payload();

        assertThat(RecordCodec.parse(Lesson.class, payload).remark()).isEqualTo(text);
        assertThat(RecordCodec.parse(Lesson.class, payload)).isEqualTo(lesson);
    }

    @Test
    void largeTextIsWrittenAndToolsAreNotKept() {
        Lesson large = LESSON.toBuilder().remark("长".repeat(100_000)).build();

        assertThat(RecordCodec.freezeChecked(large).payload()).hasSizeGreaterThan(300_000);
        assertThat(RecordCodec.freeze(LESSON).payload()).hasSizeLessThan(2_000);
    }

    @Test
    void ignoredPropertiesAreReportedWithTheirPlace() {
        ObjectNode json = Contract.example("Lesson");
        json.putObject("corseName").put("a", 1);
        ((ObjectNode) json.get("scheduler")).put("mobile", "13800000000");
        ((ObjectNode) json.get("receivers").get(1)).putArray("pupils").add("李示例");
        List<Violation> warnings = new ArrayList<>();

        Lesson read = RecordCodec.parse(Lesson.class, Contract.bytes(json), warnings::add);

        assertThat(read).isEqualTo(LESSON);
        assertThat(warnings)
                .extracting(Violation::pointer)
                .containsExactlyInAnyOrder("/corseName", "/scheduler/mobile", "/receivers/1/pupils");
        assertThat(warnings).extracting(Violation::rule).containsOnly("R-39");
        assertThat(warnings).extracting(Violation::severity).containsOnly(Severity.WARNING);
        assertThat(warnings.toString()).contains("corseName").doesNotContain("13800000000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2022-09-16T09:00:00", "2022-09-16 09:00", "1663290000", "", "明天"})
    void timeWithoutOffsetIsRefusedWithItsRuleAndPlace(String time) {
        ObjectNode json = Contract.example("Lesson").put("startAt", time);

        FuzhiException.Refused refused = refusal(() -> RecordCodec.parse(Lesson.class, Contract.bytes(json)));

        assertThat(refused.violations())
                .extracting(v -> v.rule() + " " + v.pointer())
                .containsExactly("R-12 /startAt");
    }

    @Test
    void timeAsANumberIsRefused() {
        ObjectNode json = Contract.example("Lesson").put("startAt", 1_663_290_000);

        assertThat(refusal(() -> RecordCodec.parse(Lesson.class, Contract.bytes(json)))
                        .violations())
                .extracting(Violation::pointer)
                .containsExactly("/startAt");
    }

    @Test
    void zuluTimeIsReadAsItIsAndLeftToTheCheck() {
        ObjectNode json = Contract.example("Lesson").put("startAt", "2022-09-16T01:00:00Z");
        Lesson read = RecordCodec.parse(Lesson.class, Contract.bytes(json));

        assertThat(read.startAt()).hasToString("2022-09-16T01:00Z");
        assertThat(refusal(() -> RecordCodec.freeze(read)).violations())
                .extracting(v -> v.rule() + " " + v.pointer())
                .containsExactly("R-12 /startAt");
    }

    /** Failures S37, S40, S41, I21 and I24: what a lenient reader would take for a record. */
    @TestFactory
    Stream<DynamicTest> unreadableContentIsRefusedQuickly() {
        return broken().entrySet().stream()
                .map(content -> DynamicTest.dynamicTest(
                        content.getKey(),
                        () -> assertTimeoutPreemptively(Duration.ofSeconds(5), () -> refuses(content.getValue()))));
    }

    private static void refuses(byte[] content) {
        FuzhiException.Refused refused = refusal(() -> RecordCodec.parse(Pairing.class, content));

        assertThat(refused).hasNoCause();
        assertThat(refused.retryable()).isFalse();
        assertThat(refused.getMessage()).hasSizeLessThan(500).doesNotContain("秘密");
    }

    private static Map<String, byte[]> broken() {
        String good = new String(RecordCodec.freeze(PAIRING).payload(), StandardCharsets.UTF_8);
        Map<String, byte[]> broken = new LinkedHashMap<>();
        broken.put("nothing", new byte[0]);
        broken.put("null", utf8("null"));
        broken.put("a list", utf8("[" + good + "]"));
        broken.put("a text", utf8("\"秘密\""));
        broken.put("a number", utf8("13800005678"));
        broken.put("half a record", utf8(good.substring(0, 200)));
        broken.put("trailing garbage", utf8(good + "秘密"));
        broken.put("two records", utf8(good + good));
        broken.put("a property twice", utf8("{\"bodyCode\":\"610700\"," + good.substring(1)));
        broken.put("code as number", utf8(good.replace("\"ACTIVE\"", "1")));
        broken.put("code as object", utf8(good.replace("\"ACTIVE\"", "{\"value\":\"ACTIVE\"}")));
        broken.put("text as number", utf8(good.replace("\"610700\"", "610700")));
        broken.put("text as boolean", utf8(good.replace("\"610700\"", "true")));
        broken.put("boolean as text", utf8(good.replace("true", "\"true\"")));
        broken.put("boolean as number", utf8(good.replace("true", "1")));
        broken.put("number as text", utf8(good.replace("1.50", "\"1.50\"")));
        broken.put("day as number", utf8(good.replace("\"2022-09-01\"", "19236")));
        broken.put("day as list", utf8(good.replace("\"2022-09-01\"", "[2022,9,1]")));
        broken.put("day as empty text", utf8(good.replace("\"2022-09-01\"", "\"\"")));
        broken.put("number as empty text", utf8(good.replace("1.50", "\"\"")));
        broken.put("boolean as empty text", utf8(good.replace("true", "\"\"")));
        broken.put("day that does not exist", utf8(good.replace("2022-09-01", "2022-02-30")));
        broken.put("list as text", utf8(good.replace("[\"DELIVERY\"]", "\"DELIVERY\"")));
        broken.put("not a number", utf8(good.replace("1.50", "NaN")));
        broken.put("comment", utf8("/* 秘密 */" + good));
        broken.put("scale bomb", utf8(good.replace("1.50", "1e1000000000")));
        broken.put("small scale bomb", utf8(good.replace("1.50", "1e-1000000000")));
        broken.put("a million digits", utf8(good.replace("1.50", "1".repeat(1_000_000))));
        broken.put("twenty megabytes", utf8(good.replace("610700", "密".repeat(7_000_000))));
        broken.put("deep nesting", utf8("{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"));
        broken.put("deep unknown object", utf8("{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000)));
        broken.put("raw NUL", utf8(good.replace("610700", "6107\u000000")));
        broken.put("NUL after the end", utf8(good + "\u0000"));
        broken.put("invalid UTF-8", bytes(good, 0xff));
        broken.put("overlong UTF-8", bytes(good, 0xc0, 0x80));
        broken.put("surrogate in UTF-8", bytes(good, 0xed, 0xa0, 0x80));
        broken.put("cut UTF-8", bytes(good, 0xe7, 0xa7));
        broken.put("UTF-16", good.getBytes(StandardCharsets.UTF_16));
        broken.put("UTF-16 without mark", good.getBytes(StandardCharsets.UTF_16LE));
        broken.put("type of a gadget", utf8("[\"javax.swing.JEditorPane\"," + good + "]"));
        return broken;
    }

    @Test
    void markAtTheBeginningIsSkipped() {
        byte[] marked = utf8("\ufeff" + new String(RecordCodec.freeze(LESSON).payload(), StandardCharsets.UTF_8));

        assertThat(RecordCodec.parse(Lesson.class, marked)).isEqualTo(LESSON);
    }

    @Test
    void typeInThePayloadIsOnlyAnUnknownProperty() {
        ObjectNode json = Contract.example("Lesson").put("@class", "javax.swing.JEditorPane");
        List<Violation> warnings = new ArrayList<>();

        assertThat(RecordCodec.parse(Lesson.class, Contract.bytes(json), warnings::add))
                .isEqualTo(LESSON);
        assertThat(warnings).extracting(Violation::pointer).containsExactly("/@class");
    }

    /** What JSON can say and the check refuses, so that nothing wrong is taken for something else. */
    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\ud800", "\\u202e"})
    void escapedControlCharactersAreLeftToTheCheck(String escape) {
        String json = new String(RecordCodec.freeze(LESSON).payload(), StandardCharsets.UTF_8)
                .replace("请受援学校", escape + "请受援学校");
        PushRecord read = RecordCodec.parse(Lesson.class, utf8(json));

        assertThat(refusal(() -> RecordCodec.freeze(read)).violations())
                .extracting(v -> v.rule() + " " + v.pointer())
                .containsExactly("R-31 /remark");
    }

    @Test
    void buildNamesEveryMissingRequiredField() {
        Platform.Builder platform = Platform.builder()
                .platformCode("LUEYANG01")
                .platformKind(PlatformKind.of("COUNTY"))
                .integrationState(Contract.example(Platform.class).integrationState());

        IllegalArgumentException refused = catchThrowableOfType(IllegalArgumentException.class, platform::build);

        assertThat(refused)
                .hasMessage("Platform 缺少必填字段 / lacks required fields: 平台名称 (name), 主管单位 (supervisor), "
                        + "运维单位 (operator), 使用单位 (user), 是否具备直播功能 (liveCapable)");
    }

    private static FuzhiException.Refused refusal(ThrowingCallable call) {
        FuzhiException.Refused refused = catchThrowableOfType(FuzhiException.Refused.class, call);
        assertThat(refused).isNotNull();
        return refused;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Puts raw bytes into the text of a property. */
    private static byte[] bytes(String json, int... raw) {
        String[] halves = json.split("610700", 2);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(utf8(halves[0]));
        for (int b : raw) {
            bytes.write(b);
        }
        bytes.writeBytes(utf8(halves[1]));
        return bytes.toByteArray();
    }
}
