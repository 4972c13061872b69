package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.School;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** Invented records for tests. */
final class Samples {
    private static final String SCHOOL = """
            {"schoolCode":"%s","unitKind":"SCHOOL","name":"略阳县示例小学","divisionCode":"610727","urbanRuralClass":"121",
            "schoolType":"211","stages":["PRIMARY"],"runBy":"PUBLIC","studentCount":860,"teacherCount":52,"classCount":20,
            "countsAsOf":"2022-09-01","status":"ACTIVE"}
            """;

    private Samples() {}

    static School school(String code) {
        return RecordCodec.parse(School.class, SCHOOL.formatted(code).getBytes(StandardCharsets.UTF_8));
    }

    /** Schools with the codes 2161000001 and on. */
    static List<School> schools(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> school(String.valueOf(2161000000L + i)))
                .toList();
    }
}
