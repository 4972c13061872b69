package cn.fuzhi.sdk.benchmarks;

import cn.fuzhi.sdk.model.UsageGranularity;
import cn.fuzhi.sdk.model.UsageReport;
import cn.fuzhi.sdk.model.UsageScopeType;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;

/** Usage reports of invented schools, some 500 bytes of JSON each. */
final class UsageRecords {
    /** So many schools in a row; then comes the next day. */
    static final int SCHOOLS = 100_000;

    static final long FIRST_SCHOOL = 2161000000L;
    private static final LocalDate DAY = LocalDate.of(2022, 9, 1);

    private UsageRecords() {}

    static List<UsageReport> list(int count) {
        return IntStream.range(0, count).mapToObj(UsageRecords::one).toList();
    }

    static UsageReport one(int i) {
        return UsageReport.builder()
                .platformCode("LUEYANG01")
                .scopeType(UsageScopeType.SCHOOL)
                .scopeCode(String.valueOf(FIRST_SCHOOL + i % SCHOOLS))
                .scopeName("略阳县示例第" + i % SCHOOLS + "小学")
                .statOn(DAY.plusDays(i / SCHOOLS))
                .granularity(UsageGranularity.DAY)
                .bodyCode("610727")
                .periodKey("2022-09")
                .activeTeacherCount(40L + i % 13)
                .activeStudentCount(700L + i % 101)
                .loginCount(900L + i % 211)
                .liveLessonCount(6L + i % 5)
                .liveLessonMinutes(240L + i % 57)
                .recordedLessonCount(2L + i % 3)
                .receivingClassCount(8L + i % 7)
                .receivingStudentCount(320L + i % 97)
                .resourceViewCount(1500L + i % 997)
                .resourceDownloadCount(80L + i % 61)
                .registeredTeacherCount(52L)
                .registeredStudentCount(860L)
                .cumulativeLiveLessonCount(10_000L + i)
                .build();
    }
}
