package cn.fuzhi.sdk.mock;

import cn.fuzhi.sdk.model.Rule;
import cn.fuzhi.sdk.model.Severity;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Lessons among the lessons that the platform holds: period, lecturers, receivers, repetition, pairing, stages, lines. */
final class LessonRules implements CrossRule {
    private static final int DAYS_FOR_SESSION = 3;
    private static final Duration NEARLY = Duration.ofMinutes(5);
    private static final Set<String> NOT_TAKING_PLACE = Set.of("CANCELLED", "NOT_HELD");
    private static final Set<String> OPEN_TO_ALL = Set.of("MASTER_TEACHER", "PRESTIGE_SCHOOL");

    private final Contract contract;
    private final Ledger ledger;
    private final PairingRules pairings;
    private final MockClock clock;
    private final Index sessionsByLesson;
    private final Index byHost;
    private final Index byReceiver;
    private final Index byLine;

    LessonRules(Contract contract, Ledger ledger, PairingRules pairings, MockClock clock) {
        this.contract = contract;
        this.ledger = ledger;
        this.pairings = pairings;
        this.clock = clock;
        sessionsByLesson = new Index(
                ledger,
                contract.needed("LESSON_SESSION"),
                record -> List.of(record.path("lessonKey").asText()));
        Kind lesson = contract.needed("LESSON");
        byHost = new Index(ledger, lesson, record -> List.of(host(record)));
        byReceiver = new Index(ledger, lesson, LessonRules::receivers);
        byLine = new Index(ledger, lesson, record -> List.of(line(record)));
    }

    private static String host(JsonNode lesson) {
        String code = lesson.at("/hostUnit/schoolCode").asText("");
        return code.isEmpty() ? lesson.at("/hostUnit/name").asText() : code;
    }

    private static String line(JsonNode lesson) {
        return lesson.path("timetableKey").asText()
                + ' '
                + lesson.path("lineNo").asText();
    }

    private static Collection<String> receivers(JsonNode lesson) {
        Set<String> codes = new HashSet<>();
        lesson.path("receivers")
                .forEach(receiver -> codes.add(receiver.path("schoolCode").asText()));
        return codes;
    }

    private static boolean takesPlace(JsonNode lesson) {
        return !NOT_TAKING_PLACE.contains(lesson.path("state").asText());
    }

    @Override
    public void check(Candidate candidate) {
        if (!candidate.is("LESSON") || !takesPlace(candidate.record())) {
            return;
        }
        period(candidate);
        byHost.find(host(candidate.record()), candidate.key()).stream()
                .filter(stored -> takesPlace(stored.record()))
                .forEach(stored -> sameHost(candidate, stored));
        receivers(candidate.record()).forEach(school -> receiving(candidate, school));
        stages(candidate);
        line(candidate);
        live(candidate);
        held(candidate);
    }

    private void line(Candidate candidate) {
        byLine.find(line(candidate.record()), candidate.key()).stream()
                .filter(stored -> takesPlace(stored.record()))
                .findFirst()
                .ifPresent(stored -> candidate
                        .findings()
                        .rule(
                                Rule.X_27,
                                "/lineNo",
                                "序号",
                                "value",
                                candidate.record().path("lineNo").asText(),
                                "other",
                                stored.key()));
    }

    /** A platform that is not there at all is an unknown reference already: it may still come. */
    private void live(Candidate candidate) {
        JsonNode delivery = candidate.record().path("deliveryPlatform");
        Stored platform = ledger.find(
                contract.kind("PLATFORM"), delivery.path("platformCode").asText());
        if (delivery.path("kind").asText().equals("LOCAL")
                && platform != null
                && !platform.record().path("liveCapable").asBoolean()) {
            candidate.findings().rule(Rule.R_30, "/deliveryPlatform/platformCode", "授课平台代码", "value", platform.key());
        }
    }

    /** who says that a lesson was held has three days to tell of the session. */
    private void held(Candidate candidate) {
        boolean late = candidate.text("state").equals("DELIVERED")
                && Times.instant(candidate.record(), "endAt")
                        .plusDays(DAYS_FOR_SESSION)
                        .isBefore(clock.now());
        if (late && sessionsByLesson.find(candidate.key(), "").isEmpty()) {
            candidate.findings().rule(Rule.X_23, "/state", "课程状态", "max", String.valueOf(DAYS_FOR_SESSION));
        }
    }

    private void period(Candidate candidate) {
        Stored timetable = ledger.find(contract.kind("TIMETABLE"), candidate.text("timetableKey"));
        if (timetable == null) {
            return;
        }
        JsonNode record = timetable.record();
        LocalDate day = Times.instant(candidate.record(), "startAt").toLocalDate();
        if (day.isBefore(Times.day(record, "periodStart")) || day.isAfter(Times.day(record, "periodEnd"))) {
            candidate.findings().rule(Rule.X_11, "/startAt", "开课时间", "value", day.toString(), "other", timetable.key());
        }
    }

    private static void sameHost(Candidate candidate, Stored stored) {
        JsonNode mine = candidate.record();
        JsonNode other = stored.record();
        String id = mine.at("/lecturer/localId").asText("");
        String otherId = other.at("/lecturer/localId").asText("");
        boolean sameName = mine.at("/lecturer/name").equals(other.at("/lecturer/name"));
        boolean known = !id.isEmpty() && !otherId.isEmpty();
        boolean samePerson = known ? id.equals(otherId) : sameName;
        if (samePerson && Times.overlap(mine, other, "startAt", "endAt")) {
            candidate
                    .findings()
                    .rule(
                            Rule.X_12,
                            known ? Severity.ERROR : Severity.WARNING,
                            "/startAt",
                            "开课时间",
                            "other",
                            stored.key());
        }
        Duration distance = Times.distance(mine, other, "startAt");
        if (sameName && mine.path("courseName").equals(other.path("courseName")) && distance.compareTo(NEARLY) <= 0) {
            candidate
                    .findings()
                    .rule(
                            Rule.X_14,
                            distance.isZero() ? Severity.ERROR : Severity.WARNING,
                            "/startAt",
                            "开课时间",
                            "other",
                            stored.key(),
                            "max",
                            String.valueOf(NEARLY.toMinutes()));
        }
    }

    private void receiving(Candidate candidate, String school) {
        JsonNode mine = candidate.record();
        List<Stored> atOnce = byReceiver.find(school, candidate.key()).stream()
                .filter(stored ->
                        takesPlace(stored.record()) && Times.overlap(mine, stored.record(), "startAt", "endAt"))
                .toList();
        Stored record = ledger.find(contract.kind("SCHOOL"), school);
        int rooms = record == null
                ? Integer.MAX_VALUE
                : record.record().at("/capacity/liveClassroomCount").asInt(Integer.MAX_VALUE);
        Set<String> classes = classes(mine, school);
        atOnce.stream()
                .filter(stored -> atOnce.size() >= rooms
                        || classes(stored.record(), school).stream().anyMatch(classes::contains))
                .findFirst()
                .ifPresent(stored -> candidate.findings().rule(Rule.X_13, "/receivers", "接收学校", "other", stored.key()));
        String host = mine.at("/hostUnit/schoolCode").asText("");
        boolean open = OPEN_TO_ALL.contains(mine.path("classroomType").asText());
        if (!host.isEmpty() && !open && !host.equals(school) && !pairings.paired(host, school)) {
            candidate.findings().rule(Rule.X_15, "/receivers", "接收学校", "value", school);
        }
    }

    /** The classes of a school that receive a lesson; a receiver without grade and class names none. */
    private static Set<String> classes(JsonNode lesson, String school) {
        Set<String> classes = new HashSet<>();
        for (JsonNode receiver : lesson.path("receivers")) {
            String grade = receiver.path("gradeCode").asText("");
            if (receiver.path("schoolCode").asText().equals(school) && !grade.isEmpty()) {
                classes.add(grade + " " + receiver.path("className").asText());
            }
        }
        return classes;
    }

    private void stages(Candidate candidate) {
        stages(candidate, candidate.record().at("/hostUnit/schoolCode").asText(""), "/hostUnit/schoolCode");
        JsonNode receivers = candidate.record().path("receivers");
        for (int i = 0; i < receivers.size(); i++) {
            stages(candidate, receivers.get(i).path("schoolCode").asText(), "/receivers/" + i + "/schoolCode");
        }
    }

    private void stages(Candidate candidate, String code, String pointer) {
        Stored school = ledger.find(contract.kind("SCHOOL"), code);
        List<String> offered = school == null ? List.of() : Schools.stages(school.record());
        boolean fits = offered.isEmpty();
        for (JsonNode stage : candidate.record().path("stages")) {
            fits |= offered.contains(stage.asText());
        }
        if (!fits) {
            candidate.findings().rule(Rule.X_16, pointer, "学校标识码", "value", code);
        }
    }
}
