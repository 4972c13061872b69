package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.ClassroomType;
import cn.fuzhi.sdk.model.ConfirmationState;
import cn.fuzhi.sdk.model.DeliveryMode;
import cn.fuzhi.sdk.model.DeliveryPlatformKind;
import cn.fuzhi.sdk.model.FilingStatus;
import cn.fuzhi.sdk.model.Grade;
import cn.fuzhi.sdk.model.LessonHostUnitType;
import cn.fuzhi.sdk.model.LessonPurpose;
import cn.fuzhi.sdk.model.LessonState;
import cn.fuzhi.sdk.model.PairingScopeKind;
import cn.fuzhi.sdk.model.PairingStatus;
import cn.fuzhi.sdk.model.RuralBasis;
import cn.fuzhi.sdk.model.SchoolRunBy;
import cn.fuzhi.sdk.model.SchoolStatus;
import cn.fuzhi.sdk.model.SchoolType;
import cn.fuzhi.sdk.model.Stage;
import cn.fuzhi.sdk.model.SubjectCode;
import cn.fuzhi.sdk.model.TimetableIssuerType;
import cn.fuzhi.sdk.model.TimetableState;
import cn.fuzhi.sdk.model.UnitKind;
import cn.fuzhi.sdk.model.UrbanRuralClass;
import cn.fuzhi.sdk.model.UsageGranularity;
import cn.fuzhi.sdk.model.UsageScopeType;

/** The codes that the forms use, with the names that people write besides the official ones. */
final class FormCodes {
    static final Codes<ClassroomType> CLASSROOM_TYPE = Codes.of(ClassroomType.known(), ClassroomType::of)
            .also(ClassroomType.DELIVERY, "专递")
            .also(ClassroomType.MASTER_TEACHER, "名师")
            .also(ClassroomType.PRESTIGE_SCHOOL, "名校", "名校课堂", "名校网络");
    static final Codes<ConfirmationState> CONFIRMATION = Codes.of(ConfirmationState.known(), ConfirmationState::of);
    static final Codes<DeliveryMode> DELIVERY_MODE = Codes.of(DeliveryMode.known(), DeliveryMode::of)
            .also(DeliveryMode.LIVE, "直播课", "网络直播", "在线直播")
            .also(DeliveryMode.RECORDED, "录播课", "录像")
            .also(DeliveryMode.INTERACTIVE, "互动", "互动直播", "同步课堂", "互动课堂", "同步互动")
            .also(DeliveryMode.RESEARCH, "教研");
    static final Codes<DeliveryPlatformKind> PLATFORM_KIND =
            Codes.of(DeliveryPlatformKind.known(), DeliveryPlatformKind::of);
    static final Codes<FilingStatus> FILING_STATUS = Codes.of(FilingStatus.known(), FilingStatus::of);
    static final Codes<Grade> GRADE = grades();
    static final Codes<LessonHostUnitType> HOST_UNIT_TYPE =
            Codes.of(LessonHostUnitType.known(), LessonHostUnitType::of);
    static final Codes<LessonPurpose> PURPOSE =
            Codes.of(LessonPurpose.known(), LessonPurpose::of).also(LessonPurpose.TEACHING_RESEARCH, "教研");
    static final Codes<LessonState> LESSON_STATE = Codes.of(LessonState.known(), LessonState::of);
    static final Codes<PairingScopeKind> SCOPE_KIND = Codes.of(PairingScopeKind.known(), PairingScopeKind::of);
    static final Codes<PairingStatus> PAIRING_STATUS = Codes.of(PairingStatus.known(), PairingStatus::of);
    static final Codes<RuralBasis> RURAL_BASIS = Codes.of(RuralBasis.known(), RuralBasis::of);
    static final Codes<SchoolRunBy> RUN_BY = Codes.of(SchoolRunBy.known(), SchoolRunBy::of)
            .also(SchoolRunBy.PRIVATE, "私立")
            .also(SchoolRunBy.PUBLIC, "公立");
    static final Codes<SchoolStatus> SCHOOL_STATUS = Codes.of(SchoolStatus.known(), SchoolStatus::of);
    static final Codes<SchoolType> SCHOOL_TYPE = Codes.of(SchoolType.known(), SchoolType::of)
            .also(SchoolType.SPECIAL_NEEDS_SCHOOL, "弱智学校")
            .also(SchoolType.PRIMARY_TEACHING_SITE, "教学点")
            .also(SchoolType.NINE_YEAR_SCHOOL, "九年一贯制", "九年制学校")
            .also(SchoolType.TWELVE_YEAR_SCHOOL, "十二年一贯制")
            .also(SchoolType.JUNIOR_SCHOOL, "初中", "初级中学校")
            .also(SchoolType.SENIOR_SCHOOL, "高中");
    static final Codes<Stage> STAGE = Codes.of(Stage.known(), Stage::of)
            .also(Stage.KINDERGARTEN, "学前", "幼儿", "学前教育", "幼教")
            .also(Stage.PRIMARY, "小学段")
            .also(Stage.JUNIOR, "初级中学", "初中段")
            .also(Stage.SENIOR, "高级中学", "普通高中", "高中段");
    static final Codes<SubjectCode> SUBJECT = Codes.of(SubjectCode.known(), SubjectCode::of)
            .also(SubjectCode.ENGLISH, "外语", "外语（英语）")
            .also(SubjectCode.BIOLOGY, "生物")
            .also(SubjectCode.MORALITY_AND_LAW, "品德", "思想品德", "品德与社会", "品德与生活", "道法", "道德与法制")
            .also(SubjectCode.IDEOLOGY_AND_POLITICS, "政治")
            .also(SubjectCode.PE_AND_HEALTH, "体育")
            .also(SubjectCode.LABOR, "劳技", "劳动技术", "劳动教育")
            .also(SubjectCode.MENTAL_HEALTH, "心理", "心理健康教育")
            .also(SubjectCode.CLASS_MEETING, "班会")
            .also(SubjectCode.INTEGRATED_PRACTICE, "综合实践");
    static final Codes<TimetableIssuerType> ISSUER_TYPE = Codes.of(TimetableIssuerType.known(), TimetableIssuerType::of)
            .also(TimetableIssuerType.COUNTY, "县", "区", "县区");
    static final Codes<TimetableState> TIMETABLE_STATE = Codes.of(TimetableState.known(), TimetableState::of);
    static final Codes<UnitKind> UNIT_KIND = Codes.of(UnitKind.known(), UnitKind::of);
    static final Codes<UrbanRuralClass> URBAN_RURAL = Codes.of(UrbanRuralClass.known(), UrbanRuralClass::of);
    static final Codes<UsageGranularity> GRANULARITY = Codes.of(UsageGranularity.known(), UsageGranularity::of);
    static final Codes<UsageScopeType> SCOPE_TYPE = Codes.of(UsageScopeType.known(), UsageScopeType::of);

    private FormCodes() {}

    private static Codes<Grade> grades() {
        Codes<Grade> grades = Codes.of(Grade.known(), Grade::of)
                .also(Grade.G7, "初一", "初中一年级")
                .also(Grade.G8, "初二", "初中二年级")
                .also(Grade.G9, "初三", "初中三年级")
                .also(Grade.G10, "高中一年级", "十年级")
                .also(Grade.G11, "高中二年级", "十一年级")
                .also(Grade.G12, "高中三年级", "十二年级");
        String numerals = "一二三四五六七八九";
        for (int i = 1; i <= 9; i++) {
            Grade grade = Grade.of("G" + i);
            grades.also(grade, i + "年级", String.valueOf(numerals.charAt(i - 1)), "小学" + numerals.charAt(i - 1) + "年级");
        }
        return grades;
    }
}
