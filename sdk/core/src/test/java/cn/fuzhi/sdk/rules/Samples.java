package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.AdminAccount;
import cn.fuzhi.sdk.model.AdminAccountStatus;
import cn.fuzhi.sdk.model.AdminRole;
import cn.fuzhi.sdk.model.AnnualPlan;
import cn.fuzhi.sdk.model.ClassroomType;
import cn.fuzhi.sdk.model.Contact;
import cn.fuzhi.sdk.model.Content;
import cn.fuzhi.sdk.model.ContentKind;
import cn.fuzhi.sdk.model.ContentState;
import cn.fuzhi.sdk.model.DeliveryMode;
import cn.fuzhi.sdk.model.DeliveryPlatform;
import cn.fuzhi.sdk.model.DeliveryPlatformKind;
import cn.fuzhi.sdk.model.FilingStatus;
import cn.fuzhi.sdk.model.Grade;
import cn.fuzhi.sdk.model.ImplementationPlan;
import cn.fuzhi.sdk.model.Lecturer;
import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.LessonHostUnit;
import cn.fuzhi.sdk.model.LessonReceiver;
import cn.fuzhi.sdk.model.LessonSession;
import cn.fuzhi.sdk.model.LessonState;
import cn.fuzhi.sdk.model.NewAttachment;
import cn.fuzhi.sdk.model.Pairing;
import cn.fuzhi.sdk.model.PairingScopeKind;
import cn.fuzhi.sdk.model.PairingStatus;
import cn.fuzhi.sdk.model.PlanFigures;
import cn.fuzhi.sdk.model.PlanKeyTask;
import cn.fuzhi.sdk.model.PlanMeasure;
import cn.fuzhi.sdk.model.PlanMilestone;
import cn.fuzhi.sdk.model.PlanSafeguards;
import cn.fuzhi.sdk.model.Platform;
import cn.fuzhi.sdk.model.PlatformIntegrationState;
import cn.fuzhi.sdk.model.PlatformKind;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.ResponsibleParty;
import cn.fuzhi.sdk.model.RoleGrant;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.SchoolType;
import cn.fuzhi.sdk.model.SessionParticipant;
import cn.fuzhi.sdk.model.SessionParticipantRole;
import cn.fuzhi.sdk.model.Stage;
import cn.fuzhi.sdk.model.SubjectCode;
import cn.fuzhi.sdk.model.Timetable;
import cn.fuzhi.sdk.model.TimetableIssuerType;
import cn.fuzhi.sdk.model.TimetableState;
import cn.fuzhi.sdk.model.TrainingActivity;
import cn.fuzhi.sdk.model.TrainingActivityKind;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.model.UrbanRuralClass;
import cn.fuzhi.sdk.model.UsageGranularity;
import cn.fuzhi.sdk.model.UsageReport;
import cn.fuzhi.sdk.model.UsageScopeType;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Records of every kind that has rules, all of them without a finding, and a context that leaves nothing unchecked. */
final class Samples {
    static final String HOST = "2161000001";
    static final String RECEIVER = "2161000002";
    static final String ELSEWHERE = "2144000501";
    static final String LOCAL = "LUEYANG01";

    private Samples() {}

    static List<PushRecord> all() {
        return List.of(
                school(HOST).build(),
                school(RECEIVER).locationCode12("610727100001").build(),
                platform().build(),
                pairing().plannedLessonsPerWeek(new BigDecimal("1.5")).build(),
                plan().build(),
                roadMap(1, 2).build(),
                timetable().build(),
                lesson("L-1").build(),
                lesson("L-3").hostUnit(host(ELSEWHERE)).build(),
                session().viewerPeakCount(80).viewCount(80).build(),
                usage().build(),
                content().build(),
                account().build(),
                training().build());
    }

    static RuleContext context() {
        return RuleContext.builder()
                .divisions(Divisions.bundled())
                .calendar(new Holidays(Set.of(day("2022-10-03")), Set.of(day("2022-10-08"))))
                .schools(List.of(
                        school(HOST).build(),
                        school(RECEIVER).build(),
                        school(ELSEWHERE).build()))
                .pairings(List.of(pairing()
                        .supportingSchoolCode(ELSEWHERE)
                        .scopeKind(PairingScopeKind.CROSS_PROVINCE)
                        .build()))
                .platforms(List.of(platform().build()))
                .timetables(List.of(timetable().build()))
                .today(day("2022-12-31"))
                .build();
    }

    static School.Builder school(String code) {
        return School.builder()
                .schoolCode(code)
                .unitKind(UnitKind.SCHOOL)
                .name("略阳县示例小学" + code.charAt(9))
                .uscc("12610727000000019A")
                .divisionCode("610727")
                .urbanRuralClass(UrbanRuralClass.VILLAGE)
                .schoolType(SchoolType.PRIMARY_SCHOOL)
                .status(SchoolStatus.ACTIVE);
    }

    static Platform.Builder platform() {
        ResponsibleParty unit = ResponsibleParty.builder()
                .unitName("略阳县示例单位")
                .uscc("126100000000000280")
                .build();
        return Platform.builder()
                .platformCode(LOCAL)
                .name("略阳县示例平台")
                .platformKind(PlatformKind.LOCAL)
                .supervisor(unit)
                .operator(unit)
                .user(unit)
                .liveCapable(true)
                .integrationState(PlatformIntegrationState.INTEGRATED)
                .integratedOn(day("2022-09-01"));
    }

    static Pairing.Builder pairing() {
        return Pairing.builder()
                .schoolYear("2022-2023")
                .supportingSchoolCode(HOST)
                .supportedSchoolCode(RECEIVER)
                .bodyCode("610700")
                .fixed(true)
                .validFrom(day("2022-09-01"))
                .validTo(day("2023-08-31"))
                .stages(List.of(Stage.PRIMARY))
                .subjectCodes(List.of(SubjectCode.CHINESE))
                .classroomTypes(List.of(ClassroomType.DELIVERY))
                .status(PairingStatus.ACTIVE);
    }

    static AnnualPlan.Builder plan() {
        Contact person = Contact.builder().name("李示例").phone("029-80000000").build();
        return AnnualPlan.builder()
                .planYear(2022)
                .reportingBodyCode("610700")
                .reportingBodyName("汉中市教育局")
                .filledOn(day("2022-08-18"))
                .principal(person)
                .contact(person)
                .basics(figures().build())
                .overallGoal("年底前实现城乡学校网络结对全覆盖")
                .keyTasks(List.of(task(1), task(2)))
                .measures(List.of(measure(1, 1, "2022-09-10"), measure(2, 2, "2022-12-15")))
                .safeguards(PlanSafeguards.builder().text("成立工作专班").build())
                .status(FilingStatus.SUBMITTED);
    }

    static PlanFigures.Builder figures() {
        return PlanFigures.builder()
                .totalSchoolCount(120L)
                .pairedSchoolCount(84L)
                .unpairedSchoolCount(36L)
                .coveredSchoolCount(96L)
                .masterStudioAccountCount(12L)
                .liveLessonCount(340L);
    }

    static PlanKeyTask task(int no) {
        return PlanKeyTask.builder().no(no).text("组织专递课堂").build();
    }

    static PlanMeasure measure(int no, int task, String due) {
        return PlanMeasure.builder()
                .no(no)
                .keyTaskNo(task)
                .text("确认结对名单")
                .dueOn(day(due))
                .build();
    }

    static ImplementationPlan.Builder roadMap(Integer... numbers) {
        return ImplementationPlan.builder()
                .planYear(2022)
                .countyCode("610727")
                .title("略阳县示例平台应用工作实施方案")
                .milestones(Stream.of(numbers)
                        .map(no -> PlanMilestone.builder()
                                .no(no)
                                .text("完成结对")
                                .dueOn(day("2022-09-15"))
                                .build())
                        .toList())
                .status(FilingStatus.SUBMITTED);
    }

    static LessonHostUnit host(String schoolCode) {
        return LessonHostUnit.builder().name("示例一小").schoolCode(schoolCode).build();
    }

    static Timetable.Builder timetable() {
        return Timetable.builder()
                .issuerType(TimetableIssuerType.COUNTY)
                .issuerCode("610727")
                .issuerName("略阳县")
                .bodyCode("610727")
                .periodStart(day("2022-09-15"))
                .periodEnd(day("2022-09-28"))
                .state(TimetableState.SUBMITTED);
    }

    static Lesson.Builder lesson(String no) {
        return lessonAt(no, "2022-09-16T09:00:00+08:00", "2022-09-16T09:40:00+08:00");
    }

    static Lesson.Builder lessonAt(String no, String start, String end) {
        return Lesson.builder()
                .platformCode(LOCAL)
                .lessonNo(no)
                .timetableKey("610727~2022-09-15")
                .bodyCode("610727")
                .lineNo(Integer.valueOf(no.replaceAll("[^0-9]", "")))
                .deliveryMode(DeliveryMode.LIVE)
                .subjectCode(SubjectCode.CHINESE)
                .lecturer(lecturer("李示例", "T-1"))
                .hostDivisionCode("610727")
                .hostUnit(host(HOST))
                .courseName("《看图说话》" + no)
                .startAt(time(start))
                .endAt(time(end))
                .stages(List.of(Stage.PRIMARY))
                .grades(List.of(Grade.of("G1")))
                .scheduler(Contact.builder().name("张样本").phone("13800000000").build())
                .deliveryPlatform(DeliveryPlatform.builder()
                        .kind(DeliveryPlatformKind.LOCAL)
                        .platformCode(LOCAL)
                        .build())
                .receivers(List.of(LessonReceiver.builder().schoolCode(RECEIVER).build()))
                .classroomType(ClassroomType.DELIVERY)
                .joinUrl("https://live.example.cn/rooms/1?from=timetable")
                .state(LessonState.SCHEDULED);
    }

    static Lecturer lecturer(String name, String localId) {
        return Lecturer.builder().name(name).localId(localId).build();
    }

    static LessonSession.Builder session() {
        return LessonSession.builder()
                .platformCode(LOCAL)
                .sessionNo("S-1")
                .actualStartAt(time("2022-09-16T09:01:00+08:00"))
                .actualEndAt(time("2022-09-16T09:41:00+08:00"))
                .durationMinutes(40)
                .hostSchoolCode(HOST)
                .participants(List.of(
                        participant(HOST, SessionParticipantRole.HOST),
                        participant(RECEIVER, SessionParticipantRole.RECEIVER)));
    }

    static SessionParticipant participant(String school, SessionParticipantRole role) {
        return SessionParticipant.builder()
                .schoolCode(school)
                .role(role)
                .classCount(2)
                .studentCount(80)
                .build();
    }

    static UsageReport.Builder usage() {
        return UsageReport.builder()
                .platformCode(LOCAL)
                .scopeType(UsageScopeType.SCHOOL)
                .scopeCode(RECEIVER)
                .statOn(day("2022-09-16"))
                .granularity(UsageGranularity.DAY)
                .bodyCode("610727")
                .periodKey("2022-09-15")
                .loginCount(214L);
    }

    static Content.Builder content() {
        return Content.builder()
                .platformCode(LOCAL)
                .contentNo("C-1")
                .title("《看图说话》课堂实录")
                .contentKind(ContentKind.LESSON_RECORDING)
                .subjectCode(SubjectCode.CHINESE)
                .stages(List.of(Stage.PRIMARY))
                .grades(List.of(Grade.of("G1")))
                .url("https://res.example.cn/contents/C-1")
                .state(ContentState.DRAFT);
    }

    static AdminAccount.Builder account() {
        return AdminAccount.builder()
                .platformCode(LOCAL)
                .accountNo("A-1")
                .name("张样本")
                .grants(List.of(RoleGrant.builder()
                        .role(AdminRole.COUNTY_ADMIN)
                        .divisionCode("610727")
                        .build()))
                .status(AdminAccountStatus.ACTIVE);
    }

    static TrainingActivity.Builder training() {
        return TrainingActivity.builder()
                .platformCode(LOCAL)
                .activityNo("A-1")
                .activityKind(TrainingActivityKind.PLATFORM_USE)
                .title("平台应用培训")
                .heldFromOn(day("2022-09-24"))
                .heldToOn(day("2022-09-24"))
                .participantCount(86)
                .divisionCode("610727");
    }

    static NewAttachment.Builder attachment() {
        return NewAttachment.builder()
                .fileName("计划.pdf")
                .mediaType("application/pdf")
                .sizeBytes(1_000L)
                .sha256("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    static LocalDate day(String text) {
        return LocalDate.parse(text);
    }

    static OffsetDateTime time(String text) {
        return OffsetDateTime.parse(text);
    }
}
