package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.LessonSession;
import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.Platform;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.Timetable;
import cn.fuzhi.sdk.model.UsageReport;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;

/**
 * Records for tests that the platform accepts: the examples of the contract, about invented schools and people in 略阳县. The
 * builders can be changed before {@code build()}. All methods may be called from any thread.
 */
public final class SampleRecords {
    private SampleRecords() {}

    /**
     * Reads the example of any kind from the contract.
     *
     * @param type record class
     * @param <T> the record
     * @return the example
     */
    public static <T extends PushRecord> T example(Class<T> type) {
        try {
            return Json.MAPPER.treeToValue(
                    Contract.bundled().schema(type.getSimpleName()).get("example"), type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an example of the contract can be read: " + type.getSimpleName(), e);
        }
    }

    /**
     * Begins with the platform LUEYANG01.
     *
     * @return a filled builder
     */
    public static Platform.Builder platform() {
        return example(Platform.class).toBuilder().mlpsReportAttachmentId(null);
    }

    /**
     * Begins with the supporting school 2161000001.
     *
     * @return a filled builder
     */
    public static School.Builder supportingSchool() {
        return example(School.class).toBuilder();
    }

    /**
     * Begins with the rural school 2161000002.
     *
     * @return a filled builder
     */
    public static School.Builder supportedSchool() {
        return example(School.class).toBuilder()
                .schoolCode("2161000002")
                .name("略阳县示例乡村小学")
                .shortName("示例乡小")
                .formerNames(List.of())
                .formerSchoolCodes(List.of())
                .locationCode12(null)
                .urbanRuralClass(cn.fuzhi.sdk.model.UrbanRuralClass.of("220"))
                .sourceId("school-1002");
    }

    /**
     * Begins with the fixed pairing of the two schools.
     *
     * @return a filled builder
     */
    public static Pairing.Builder pairing() {
        return example(Pairing.class).toBuilder();
    }

    /**
     * Begins with the timetable of the period that starts on 2022-09-15.
     *
     * @return a filled builder
     */
    public static Timetable.Builder timetable() {
        return example(Timetable.class).toBuilder();
    }

    /**
     * Begins with a lesson of that timetable.
     *
     * @return a filled builder
     */
    public static Lesson.Builder lesson() {
        return example(Lesson.class).toBuilder();
    }

    /**
     * Begins with that lesson as it was held.
     *
     * @return a filled builder, without a recording
     */
    public static LessonSession.Builder lessonSession() {
        return example(LessonSession.class).toBuilder().recordingContentKey(null);
    }

    /**
     * Begins with a usage report.
     *
     * @return a filled builder
     */
    public static UsageReport.Builder usageReport() {
        return example(UsageReport.class).toBuilder();
    }

    /**
     * Lists everything that the lesson needs, the lesson included, in the order in which it is pushed.
     *
     * @return platform, both schools, pairing, timetable and lesson
     */
    public static List<PushRecord> smallCounty() {
        return List.of(
                platform().build(),
                supportingSchool().build(),
                supportedSchool().build(),
                pairing().build(),
                timetable().build(),
                lesson().build());
    }
}
