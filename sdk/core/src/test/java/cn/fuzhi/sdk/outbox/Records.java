package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.model.UrbanRuralClass;
import cn.fuzhi.sdk.model.UsageGranularity;
import cn.fuzhi.sdk.model.UsageReport;
import cn.fuzhi.sdk.model.UsageScopeType;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;

/** Invented records for tests of the outbox. */
final class Records {
    private static final String PERIOD = "2022-09-15";

    private Records() {}

    /** The figures of the school with the given number; its key depends on the number only. */
    static UsageReport usage(int number, long logins) {
        return UsageReport.builder()
                .platformCode("LUEYANG01")
                .scopeType(UsageScopeType.SCHOOL)
                .scopeCode(code(number))
                .scopeName("略阳县示例乡村小学")
                .statOn(LocalDate.of(2022, 9, 16))
                .granularity(UsageGranularity.DAY)
                .bodyCode("610727")
                .periodKey(PERIOD)
                .loginCount(logins)
                .activeTeacherCount(12L)
                .activeStudentCount(168L)
                .liveLessonCount(3L)
                .liveLessonMinutes(120L)
                .build();
    }

    static String usageKey(int number) {
        return usage(number, 0).key();
    }

    static List<UsageReport> usages(int count, long logins) {
        return IntStream.range(0, count).mapToObj(i -> usage(i, logins)).toList();
    }

    static School school(int number, String name) {
        return School.builder()
                .schoolCode(code(number))
                .unitKind(UnitKind.SCHOOL)
                .name(name)
                .divisionCode("610727")
                .urbanRuralClass(UrbanRuralClass.of("220"))
                .status(SchoolStatus.known().get(0))
                .build();
    }

    static String code(int number) {
        return String.valueOf(2_161_000_000L + number);
    }
}
