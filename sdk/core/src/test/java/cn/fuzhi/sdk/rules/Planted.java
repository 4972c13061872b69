package cn.fuzhi.sdk.rules;

import static cn.fuzhi.sdk.model.Severity.ERROR;
import static cn.fuzhi.sdk.model.Severity.WARNING;
import static cn.fuzhi.sdk.rules.Samples.account;
import static cn.fuzhi.sdk.rules.Samples.content;
import static cn.fuzhi.sdk.rules.Samples.day;
import static cn.fuzhi.sdk.rules.Samples.figures;
import static cn.fuzhi.sdk.rules.Samples.lecturer;
import static cn.fuzhi.sdk.rules.Samples.lesson;
import static cn.fuzhi.sdk.rules.Samples.lessonAt;
import static cn.fuzhi.sdk.rules.Samples.measure;
import static cn.fuzhi.sdk.rules.Samples.pairing;
import static cn.fuzhi.sdk.rules.Samples.participant;
import static cn.fuzhi.sdk.rules.Samples.plan;
import static cn.fuzhi.sdk.rules.Samples.platform;
import static cn.fuzhi.sdk.rules.Samples.school;
import static cn.fuzhi.sdk.rules.Samples.session;
import static cn.fuzhi.sdk.rules.Samples.time;
import static cn.fuzhi.sdk.rules.Samples.timetable;
import static cn.fuzhi.sdk.rules.Samples.training;
import static cn.fuzhi.sdk.rules.Samples.usage;

import cn.fuzhi.sdk.model.AdminRole;
import cn.fuzhi.sdk.model.ClassroomType;
import cn.fuzhi.sdk.model.Contact;
import cn.fuzhi.sdk.model.DeliveryPlatform;
import cn.fuzhi.sdk.model.DeliveryPlatformKind;
import cn.fuzhi.sdk.model.Grade;
import cn.fuzhi.sdk.model.LessonHostUnit;
import cn.fuzhi.sdk.model.LessonReceiver;
import cn.fuzhi.sdk.model.LessonState;
import cn.fuzhi.sdk.model.PairingStatus;
import cn.fuzhi.sdk.model.PlatformIntegrationState;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.RoleGrant;
import cn.fuzhi.sdk.model.RuralBasis;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.SchoolType;
import cn.fuzhi.sdk.model.SessionParticipant;
import cn.fuzhi.sdk.model.SessionParticipantRole;
import cn.fuzhi.sdk.model.Severity;
import cn.fuzhi.sdk.model.Stage;
import cn.fuzhi.sdk.model.SubjectCode;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.model.UsageScopeType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * One mistake in otherwise clean records.
 *
 * @param rule the rule that must find it
 * @param severity how it must be reported
 * @param pointer where
 * @param what the mistake in words
 * @param records the last of them carries the finding
 */
record Planted(String rule, Severity severity, String pointer, String what, List<PushRecord> records) {
    @Override
    public String toString() {
        return rule + " " + severity + ": " + what;
    }

    static List<Planted> all() {
        List<Planted> all = new ArrayList<>();
        all.addAll(fields());
        all.addAll(schools());
        all.addAll(pairings());
        all.addAll(lessons());
        all.addAll(sessions());
        all.addAll(plans());
        all.addAll(others());
        all.addAll(across());
        return all;
    }

    private static List<Planted> fields() {
        return List.of(
                error(
                        "R-01",
                        "/name",
                        "empty name",
                        school(Samples.HOST).name("　").build()),
                error(
                        "R-02",
                        "/name",
                        "61 characters",
                        school(Samples.HOST).name("校".repeat(61)).build()),
                error(
                        "R-02",
                        "/designationReason",
                        "blank although it may be absent",
                        school(Samples.HOST).designationReason(" 　").build()),
                error(
                        "R-31",
                        "/accountNo",
                        "identity number as account",
                        account().accountNo("610102190001010019").build()),
                error(
                        "R-46",
                        "/plannedLessonsPerWeek",
                        "two decimals",
                        pairing().plannedLessonsPerWeek(new BigDecimal("1.25")).build()),
                warning(
                        "R-03",
                        "/classroomType",
                        "unknown code",
                        lesson("L-1").classroomType(ClassroomType.of("NEW")).build()),
                error(
                        "R-35",
                        "/classroomType",
                        "a name in place of a code",
                        lesson("L-1").classroomType(ClassroomType.of("专递课堂")).build()),
                error(
                        "R-06",
                        "/schoolCode",
                        "nine digits",
                        school("2161000001").schoolCode("216100001").build()),
                error(
                        "R-06",
                        "/schoolCode",
                        "no such category",
                        school("2161000001").schoolCode("9961000001").build()),
                error(
                        "R-10",
                        "/scheduler/phone",
                        "no phone",
                        lesson("L-1").scheduler(person("张样本", "12800000000")).build()),
                error(
                        "R-12",
                        "/startAt",
                        "another offset",
                        lesson("L-1").startAt(time("2022-09-16T01:00:00Z")).build()),
                error(
                        "R-23",
                        "/studentCount",
                        "negative",
                        school(Samples.HOST).studentCount(-1).build()),
                error(
                        "R-31",
                        "/remark",
                        "control character",
                        lesson("L-1").remark("备注\u0007").build()),
                error(
                        "R-32",
                        "/joinUrl",
                        "not https",
                        lesson("L-1").joinUrl("http://live.example.cn/1").build()),
                warning(
                        "R-33",
                        "/scheduler/name",
                        "example name",
                        lesson("L-1").scheduler(person("张xx", "13800000000")).build()),
                error(
                        "R-35",
                        "/schoolYear",
                        "form of a value",
                        pairing().schoolYear("2022").build()),
                error(
                        "R-36",
                        "/stages",
                        "seven entries",
                        pairing()
                                .stages(java.util.Collections.nCopies(7, Stage.PRIMARY))
                                .build()),
                error("R-37", "/lineNo", "out of range", lesson("L-1").lineNo(0).build()),
                error("R-38", "/lessonNo", "tilde in a key", lesson("L~1").build()),
                error("R-38", "/lessonNo", "slash in a key", lesson("L/1").build()),
                error("R-38", "/lessonNo", "two dots in a key", lesson("L..1").build()));
    }

    private static List<Planted> schools() {
        return List.of(
                error(
                        "R-04",
                        "/divisionCode",
                        "no such division",
                        school(Samples.HOST).divisionCode("610199").build()),
                error(
                        "R-04",
                        "/divisionCode",
                        "placeholder 市辖区",
                        school(Samples.HOST).divisionCode("610101").build()),
                warning(
                        "R-05",
                        "/divisionCode",
                        "abolished",
                        school(Samples.HOST).divisionCode("610721").build()),
                error("R-07", "/schoolCode", "Guangdong", school("2144000501").build()),
                warning(
                        "R-08",
                        "/schoolType",
                        "junior type",
                        school(Samples.HOST)
                                .schoolType(SchoolType.JUNIOR_SCHOOL)
                                .build()),
                warning(
                        "R-09",
                        "/uscc",
                        "check character",
                        school(Samples.HOST).uscc("91350100M000100Y4Z").build()),
                warning(
                        "R-09",
                        "/uscc",
                        "letter I",
                        school(Samples.HOST).uscc("91350100M000100I43").build()),
                warning(
                        "R-09",
                        "/uscc",
                        "16 characters",
                        school(Samples.HOST).uscc("1261072700000001").build()),
                error(
                        "R-01",
                        "/schoolCode",
                        "a school without code",
                        school(Samples.HOST)
                                .schoolCode(null)
                                .siteCode("2161000001-01")
                                .build()),
                error(
                        "R-01",
                        "/schoolCode",
                        "a site without any code",
                        school(Samples.HOST)
                                .schoolCode(null)
                                .unitKind(UnitKind.TEACHING_SITE)
                                .parentSchoolCode(Samples.RECEIVER)
                                .build()),
                error(
                        "R-01",
                        "/schoolCode",
                        "a site with an empty key",
                        school(Samples.HOST)
                                .schoolCode("")
                                .siteCode("")
                                .unitKind(UnitKind.TEACHING_SITE)
                                .build()),
                error(
                        "R-01",
                        "/parentSchoolCode",
                        "a site with a blank parent and code",
                        school(Samples.HOST)
                                .schoolCode("")
                                .unitKind(UnitKind.TEACHING_SITE)
                                .siteCode("2161000001-01")
                                .parentSchoolCode("")
                                .build()),
                error(
                        "R-43",
                        "/siteCode",
                        "a site of another school",
                        school(Samples.HOST)
                                .schoolCode(null)
                                .unitKind(UnitKind.TEACHING_SITE)
                                .siteCode("2161000001-01")
                                .parentSchoolCode(Samples.RECEIVER)
                                .build()),
                error(
                        "R-41",
                        "/locationCode12",
                        "a place in another county",
                        school(Samples.HOST).locationCode12("610102001001").build()),
                error(
                        "R-01",
                        "/designationReason",
                        "designated with a blank reason",
                        school(Samples.HOST)
                                .ruralBasis(RuralBasis.DESIGNATED)
                                .designationReason("　 ")
                                .build()),
                error(
                        "R-01",
                        "/parentSchoolCode",
                        "a site without parent",
                        school(Samples.HOST)
                                .schoolCode(null)
                                .unitKind(UnitKind.TEACHING_SITE)
                                .siteCode("2161000001-01")
                                .build()),
                error(
                        "R-01",
                        "/designationReason",
                        "designated without reason",
                        school(Samples.HOST).ruralBasis(RuralBasis.DESIGNATED).build()),
                error(
                        "R-01",
                        "/successorCode",
                        "merged into nothing",
                        school(Samples.HOST).status(SchoolStatus.MERGED).build()));
    }

    private static List<Planted> pairings() {
        return List.of(
                error(
                        "R-07",
                        "/supportedSchoolCode",
                        "supported outside",
                        pairing().supportedSchoolCode("2144000501").build()),
                error(
                        "R-07",
                        "/supportingSchoolCode",
                        "supporting outside",
                        pairing().supportingSchoolCode("2144000501").build()),
                error(
                        "R-45",
                        "/schoolYear",
                        "two years long",
                        pairing().schoolYear("2022-2024").build()),
                error(
                        "R-11",
                        "/validTo",
                        "ends before it begins",
                        pairing().validTo(day("2022-08-31")).build()),
                warning(
                        "R-18",
                        "/subjectCodes/0",
                        "physics in primary school",
                        pairing().subjectCodes(List.of(SubjectCode.PHYSICS)).build()),
                error(
                        "R-19",
                        "/supportedSchoolCode",
                        "with itself",
                        pairing().supportedSchoolCode(Samples.HOST).build()),
                error(
                        "R-01",
                        "/endReason",
                        "ended without reason",
                        pairing().status(PairingStatus.ENDED).build()),
                error(
                        "X-07",
                        "/validFrom",
                        "two years overlap",
                        pairing().build(),
                        pairing()
                                .schoolYear("2023-2024")
                                .validFrom(day("2023-08-31"))
                                .validTo(day("2024-08-31"))
                                .build()));
    }

    private static List<Planted> lessons() {
        LessonReceiver grown = LessonReceiver.builder()
                .schoolCode(Samples.RECEIVER)
                .gradeCode(Grade.of("G7"))
                .build();
        return List.of(
                error(
                        "R-01",
                        "/hostUnit/schoolCode",
                        "host without code",
                        lesson("L-1")
                                .hostUnit(LessonHostUnit.builder().name("示例一小").build())
                                .build()),
                error(
                        "R-01",
                        "/stateReason",
                        "cancelled with a blank reason",
                        lesson("L-1")
                                .state(LessonState.CANCELLED)
                                .stateReason(" 　")
                                .build()),
                error(
                        "R-07",
                        "/hostUnit/schoolCode",
                        "a host of another province that supports nobody here",
                        lesson("L-1").hostUnit(Samples.host("2137000501")).build()),
                error(
                        "R-45",
                        "/pairingKey",
                        "a pairing of no school year",
                        lesson("L-1")
                                .pairingKey("2022-2024~2161000001~2161000002")
                                .build()),
                error(
                        "R-01",
                        "/originalStartAt",
                        "moved from nowhere",
                        lesson("L-1").state(LessonState.RESCHEDULED).build()),
                error(
                        "R-01",
                        "/stateReason",
                        "cancelled without reason",
                        lesson("L-1").state(LessonState.CANCELLED).build()),
                error(
                        "R-01",
                        "/stateReason",
                        "not held without reason",
                        lesson("L-1").state(LessonState.NOT_HELD).build()),
                error(
                        "R-01",
                        "/deliveryPlatform/platformCode",
                        "a local platform without code",
                        lesson("L-1").deliveryPlatform(local(null)).build()),
                error(
                        "R-04",
                        "/hostDivisionCode",
                        "placeholder 市辖区",
                        lesson("L-1").hostDivisionCode("610101").build()),
                error(
                        "R-07",
                        "/receivers/0/schoolCode",
                        "receiver outside",
                        lesson("L-1")
                                .receivers(List.of(LessonReceiver.builder()
                                        .schoolCode("2144000501")
                                        .build()))
                                .build()),
                error(
                        "R-11",
                        "/endAt",
                        "ends when it begins",
                        lesson("L-1").endAt(time("2022-09-16T09:00:00+08:00")).build()),
                warning(
                        "R-13",
                        "/endAt",
                        "9 minutes",
                        lesson("L-1").endAt(time("2022-09-16T09:09:00+08:00")).build()),
                warning(
                        "R-13",
                        "/endAt",
                        "241 minutes",
                        lesson("L-1").endAt(time("2022-09-16T13:01:00+08:00")).build()),
                error(
                        "R-13",
                        "/endAt",
                        "481 minutes",
                        lesson("L-1").endAt(time("2022-09-16T17:01:00+08:00")).build()),
                warning(
                        "R-13",
                        "/endAt",
                        "half a minute more than four hours",
                        lesson("L-1").endAt(time("2022-09-16T13:00:30+08:00")).build()),
                error(
                        "R-13",
                        "/endAt",
                        "a second more than eight hours",
                        lesson("L-1").endAt(time("2022-09-16T17:00:01+08:00")).build()),
                warning(
                        "R-14",
                        "/startAt",
                        "before seven",
                        lessonAt("L-1", "2022-09-16T06:59:00+08:00", "2022-09-16T07:30:00+08:00")
                                .build()),
                warning(
                        "R-14",
                        "/startAt",
                        "after ten",
                        lessonAt("L-1", "2022-09-16T21:30:00+08:00", "2022-09-16T22:01:00+08:00")
                                .build()),
                warning(
                        "R-15",
                        "/startAt",
                        "Saturday",
                        lessonAt("L-1", "2022-09-17T09:00:00+08:00", "2022-09-17T09:40:00+08:00")
                                .build()),
                error(
                        "R-17",
                        "/grades/0",
                        "junior grade",
                        lesson("L-1").grades(List.of(Grade.of("G7"))).build()),
                error(
                        "R-17",
                        "/receivers/0/gradeCode",
                        "junior receiver",
                        lesson("L-1").receivers(List.of(grown)).build()),
                warning(
                        "R-18",
                        "/subjectCode",
                        "physics",
                        lesson("L-1").subjectCode(SubjectCode.PHYSICS).build()),
                error(
                        "R-30",
                        "/deliveryPlatform/platformCode",
                        "not registered",
                        lesson("L-1").deliveryPlatform(local("OTHER01")).build()),
                error(
                        "R-30",
                        "/deliveryPlatform/platformCode",
                        "not live",
                        platform().liveCapable(false).build(),
                        lesson("L-1").build()),
                error(
                        "R-32",
                        "/joinUrl",
                        "token",
                        lesson("L-1")
                                .joinUrl("https://live.example.cn/1?accessToken=1")
                                .build()),
                error(
                        "R-32",
                        "/joinUrl",
                        "signature after others",
                        lesson("L-1")
                                .joinUrl("https://live.example.cn/1?a=1&sign=2")
                                .build()),
                error(
                        "R-32",
                        "/joinUrl",
                        "user and password",
                        lesson("L-1").joinUrl("https://u:p@live.example.cn/1").build()),
                error(
                        "X-11",
                        "/startAt",
                        "after the period",
                        lessonAt("L-1", "2022-09-29T09:00:00+08:00", "2022-09-29T09:40:00+08:00")
                                .build()),
                warning(
                        "X-16",
                        "/hostUnit/schoolCode",
                        "junior lesson",
                        lesson("L-1")
                                .stages(List.of(Stage.JUNIOR))
                                .grades(List.of())
                                .build()));
    }

    private static List<Planted> sessions() {
        SessionParticipant crowded = participant(Samples.HOST, SessionParticipantRole.HOST).toBuilder()
                .studentCount(201)
                .build();
        SessionParticipant host = participant(Samples.HOST, SessionParticipantRole.HOST);
        return List.of(
                error(
                        "R-11",
                        "/actualEndAt",
                        "ends before it begins",
                        session().actualEndAt(time("2022-09-16T09:00:00+08:00")).build()),
                error(
                        "R-07",
                        "/hostSchoolCode",
                        "a host of another province that supports nobody here",
                        session().hostSchoolCode("2137000501").build()),
                error(
                        "R-07",
                        "/participants/1/schoolCode",
                        "a receiver of another province",
                        session()
                                .participants(List.of(
                                        participant(Samples.HOST, SessionParticipantRole.HOST),
                                        participant(Samples.ELSEWHERE, SessionParticipantRole.RECEIVER)))
                                .build()),
                error(
                        "R-42",
                        "/viewerPeakCount",
                        "more at once than at all",
                        session().viewerPeakCount(81).viewCount(80).build()),
                error(
                        "R-27",
                        "/durationMinutes",
                        "two minutes more",
                        session().durationMinutes(42).build()),
                error(
                        "R-27",
                        "/durationMinutes",
                        "longer than eight hours",
                        session()
                                .actualEndAt(time("2022-09-16T17:02:00+08:00"))
                                .durationMinutes(481)
                                .build()),
                error(
                        "R-27",
                        "/actualEndAt",
                        "tomorrow",
                        session()
                                .actualStartAt(time("2023-01-01T09:01:00+08:00"))
                                .actualEndAt(time("2023-01-01T09:41:00+08:00"))
                                .build()),
                error(
                        "R-28",
                        "/participants",
                        "no host",
                        session()
                                .participants(List.of(participant(Samples.HOST, SessionParticipantRole.OBSERVER)))
                                .build()),
                error(
                        "R-28",
                        "/participants",
                        "two hosts",
                        session()
                                .participants(List.of(host, participant(Samples.RECEIVER, SessionParticipantRole.HOST)))
                                .build()),
                error(
                        "R-28",
                        "/participants",
                        "a school twice",
                        session()
                                .participants(List.of(host, participant(Samples.HOST, SessionParticipantRole.RECEIVER)))
                                .build()),
                warning(
                        "R-29",
                        "/participants/0/studentCount",
                        "101 in a class",
                        session().participants(List.of(crowded)).build()),
                error(
                        "R-01",
                        "/periodKey",
                        "a body without period",
                        session().bodyCode("610727").build()),
                error(
                        "R-01",
                        "/bodyCode",
                        "a period without body",
                        usage().bodyCode(null).build()),
                error(
                        "R-04",
                        "/scopeCode",
                        "no such division",
                        usage().scopeType(UsageScopeType.DIVISION)
                                .scopeCode("610199")
                                .build()),
                error(
                        "R-35",
                        "/scopeCode",
                        "a division as school",
                        usage().scopeCode("610727").build()));
    }

    private static List<Planted> plans() {
        return List.of(
                error(
                        "R-16",
                        "/periodEnd",
                        "ends before it begins",
                        timetable().periodEnd(day("2022-09-14")).build()),
                warning(
                        "R-16",
                        "/periodEnd",
                        "32 days",
                        timetable().periodEnd(day("2022-10-16")).build()),
                error(
                        "R-44",
                        "/bodyCode",
                        "filed by another body",
                        timetable().bodyCode("610700").build()),
                error(
                        "R-45",
                        "/termCode",
                        "a term of no school year",
                        timetable().termCode("2023-2022-1").build()),
                warning(
                        "R-24",
                        "/milestones/1/no",
                        "a gap in the road map",
                        Samples.roadMap(1, 3).build()),
                error(
                        "R-20",
                        "/basics/totalSchoolCount",
                        "sum",
                        plan().basics(figures().unpairedSchoolCount(35L).build())
                                .build()),
                error(
                        "R-21",
                        "/basics/coveredSchoolCount",
                        "covered",
                        plan().basics(figures().coveredSchoolCount(121L).build())
                                .build()),
                error(
                        "R-21",
                        "/basics/pairedSchoolCount",
                        "paired",
                        plan().basics(figures().pairedSchoolCount(121L).build()).build()),
                warning(
                        "R-22",
                        "/basics/coveredSchoolCount",
                        "fewer",
                        plan().basics(figures().coveredSchoolCount(83L).build()).build()),
                error(
                        "R-24",
                        "/measures/0/keyTaskNo",
                        "no such task",
                        plan().measures(List.of(measure(1, 3, "2022-09-10"))).build()),
                warning(
                        "R-24",
                        "/measures/1/no",
                        "a gap",
                        plan().measures(List.of(measure(1, 1, "2022-09-10"), measure(3, 1, "2022-09-10")))
                                .build()),
                warning(
                        "R-25",
                        "/measures/0/dueOn",
                        "next year",
                        plan().measures(List.of(measure(1, 1, "2023-01-01"))).build()),
                error(
                        "R-26",
                        "/filledOn",
                        "tomorrow",
                        plan().filledOn(day("2023-01-01")).build()));
    }

    private static List<Planted> others() {
        RoleGrant.Builder grant = RoleGrant.builder().role(AdminRole.SCHOOL_ADMIN);
        return List.of(
                warning(
                        "R-09",
                        "/vendorUscc",
                        "vendor's code",
                        platform().vendorUscc("91350100M000100Y4Z").build()),
                error(
                        "R-01",
                        "/integratedOn",
                        "integrated without a day",
                        platform()
                                .integratedOn(null)
                                .integrationState(PlatformIntegrationState.INTEGRATED)
                                .build()),
                error(
                        "R-01",
                        "/grants/0/divisionCode",
                        "a grant for nothing",
                        account().grants(List.of(grant.build())).build()),
                error(
                        "R-40",
                        "/grants/0/schoolCode",
                        "a grant for both",
                        account()
                                .grants(List.of(grant.divisionCode("610727")
                                        .schoolCode(Samples.HOST)
                                        .build()))
                                .build()),
                error(
                        "R-11",
                        "/heldToOn",
                        "ends before it begins",
                        training().heldToOn(day("2022-09-23")).build()),
                error(
                        "R-17",
                        "/grades/0",
                        "junior grade",
                        content().grades(List.of(Grade.of("G7"))).build()),
                warning(
                        "R-18",
                        "/subjectCode",
                        "physics",
                        content().subjectCode(SubjectCode.PHYSICS).build()),
                error(
                        "R-32",
                        "/url",
                        "token",
                        content().url("https://res.example.cn/1?token=1").build()));
    }

    private static List<Planted> across() {
        return List.of(
                warning(
                        "X-03",
                        "",
                        "twins",
                        lesson("L-1").build(),
                        lesson("L-1").build()),
                error(
                        "X-03",
                        "",
                        "one key, two contents",
                        lesson("L-1").build(),
                        lesson("L-1").remark("改").build()),
                error(
                        "X-12",
                        "/startAt",
                        "one minute at once",
                        lesson("L-1").build(),
                        lessonAt("L-2", "2022-09-16T09:39:00+08:00", "2022-09-16T10:19:00+08:00")
                                .build()),
                warning(
                        "X-12",
                        "/startAt",
                        "same name, one without id",
                        lesson("L-1").build(),
                        lessonAt("L-2", "2022-09-16T09:39:00+08:00", "2022-09-16T10:19:00+08:00")
                                .lecturer(lecturer("李示例", null))
                                .build()),
                error(
                        "X-14",
                        "/startAt",
                        "same start",
                        lesson("L-1").courseName("同一课").build(),
                        lesson("L-2").courseName("同一课").build()),
                warning(
                        "X-14",
                        "/startAt",
                        "five minutes later",
                        lesson("L-1").courseName("同一课").build(),
                        lessonAt("L-2", "2022-09-16T09:05:00+08:00", "2022-09-16T09:45:00+08:00")
                                .courseName("同一课")
                                .build()),
                error(
                        "X-27",
                        "/lineNo",
                        "one line twice",
                        lesson("L-1").build(),
                        lessonAt("L-2", "2022-09-16T10:00:00+08:00", "2022-09-16T10:40:00+08:00")
                                .lineNo(1)
                                .build()),
                warning(
                        "X-17",
                        "/periodStart",
                        "one day in common",
                        timetable().build(),
                        timetable()
                                .periodStart(day("2022-09-28"))
                                .periodEnd(day("2022-10-11"))
                                .build()));
    }

    private static Contact person(String name, String phone) {
        return Contact.builder().name(name).phone(phone).build();
    }

    private static DeliveryPlatform local(String code) {
        return DeliveryPlatform.builder()
                .kind(DeliveryPlatformKind.LOCAL)
                .platformCode(code)
                .build();
    }

    private static Planted error(String rule, String pointer, String what, PushRecord... records) {
        return new Planted(rule, ERROR, pointer, what, List.of(records));
    }

    private static Planted warning(String rule, String pointer, String what, PushRecord... records) {
        return new Planted(rule, WARNING, pointer, what, List.of(records));
    }
}
