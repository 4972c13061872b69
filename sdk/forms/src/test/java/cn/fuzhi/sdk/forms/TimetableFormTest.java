package cn.fuzhi.sdk.forms;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.Contact;
import cn.fuzhi.sdk.model.DeliveryPlatformKind;
import cn.fuzhi.sdk.model.Grade;
import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Stage;
import cn.fuzhi.sdk.model.SubjectCode;
import cn.fuzhi.sdk.model.Timetable;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.Test;

final class TimetableFormTest {
    private static final String[] TITLES = {
        "序号", "授课类型", "学科", "主讲教师", "地市（县区）", "单位", "课程名称", "开课时间", "学段", "年级", "学校排课负责人", "联系方式", "平台", "备注", "三个课堂类型"
    };
    private static final String[] LINE = {
        "1",
        "直播",
        "语文",
        "李示例",
        "略阳县",
        "示例一小",
        "《看图说话》",
        "9 月 16 日 9:00-9:40",
        "小学",
        "一年级",
        "张样本",
        "13800000000",
        "陕西教育扶智平台",
        "",
        "专递课堂"
    };
    private final TimetableForm form = TimetableForm.of(Examples.context().build());

    @Test
    void readsTheFormAsPeopleFillIt() {
        FormResult<PushRecord> result = form.read(Examples.workbook(TimetableFormTest::asIssued));

        assertThat(result.problems()).isEmpty();
        assertThat(result.records(Timetable.class)).singleElement().satisfies(head -> {
            assertThat(head.key()).isEqualTo("610727~2022-09-15");
            assertThat(head.issuerName()).isEqualTo("略阳县");
            assertThat(head.periodEnd()).isEqualTo("2022-09-28");
        });
        Lesson lesson = result.records(Lesson.class).get(0);
        assertThat(lesson.startAt()).isEqualTo(OffsetDateTime.parse("2022-09-16T09:00:00+08:00"));
        assertThat(lesson.endAt()).isEqualTo(OffsetDateTime.parse("2022-09-16T09:40:00+08:00"));
        assertThat(lesson.hostUnit().schoolCode()).isEqualTo("2161000001");
        assertThat(lesson.hostUnit().name()).isEqualTo("示例一小");
        assertThat(lesson.hostDivisionCode()).isEqualTo("610727");
        assertThat(lesson.subjectCode()).isEqualTo(SubjectCode.CHINESE);
        assertThat(lesson.grades()).containsExactly(Grade.G1);
        assertThat(lesson.stages()).containsExactly(Stage.PRIMARY);
        assertThat(lesson.scheduler()).isEqualTo(new Contact("张样本", "13800000000"));
        assertThat(lesson.deliveryPlatform().kind()).isEqualTo(DeliveryPlatformKind.PROVINCIAL);
        assertThat(lesson.lessonNo()).isEqualTo("610727-20220915-001");
        assertThat(result.notes()).extracting(FormNote::message).contains("示例行，未读取", "按课表起止日期补上年份 2022");
    }

    private static void asIssued(Worksheet sheet) {
        Examples.row(sheet, 0, "附件2");
        Examples.row(sheet, 1, "略阳县 9/15-9/28 名师示范课课表");
        sheet.range(1, 0, 1, 13).merge();
        Examples.row(sheet, 2, TITLES);
        Examples.row(
                sheet,
                3,
                "例:1",
                "直播",
                "语文",
                "王xx",
                "西安市",
                "经开一小",
                "《看图说话》",
                "12 月 10 日 9:00-10:00",
                "幼儿园/小学/初中/高中（全学段）",
                "x年级/小班",
                "张xx",
                "1xxxxxxxxxx",
                "陕西教育扶智平台");
        Examples.row(sheet, 4, LINE);
        Examples.row(sheet, 6, "注：平台填写陕西教育扶智平台或自建平台");
    }

    @Test
    void writesWhatItReads() {
        List<PushRecord> records =
                form.read(Examples.workbook(TimetableFormTest::asIssued)).records();

        FormResult<PushRecord> again = form.read(Examples.written(out -> form.write(records, out)));

        assertThat(again.problems()).isEmpty();
        assertThat(again.records()).isEqualTo(records);
    }

    /** A county's year is a hundred thousand lines in memory. */
    @Test
    void keepsOneOfEqualValues() {
        List<Lesson> lessons = form.read(Examples.workbook(sheet -> {
                    asIssued(sheet);
                    String[] line = LINE.clone();
                    line[0] = "2";
                    Examples.row(sheet, 5, line);
                }))
                .records(Lesson.class);
        Lesson last = lessons.get(lessons.size() - 1);
        assertThat(last).isNotSameAs(lessons.get(0));
        assertThat(last.lecturer()).isSameAs(lessons.get(0).lecturer());
        assertThat(last.hostUnit()).isSameAs(lessons.get(0).hostUnit());
        assertThat(last.scheduler()).isSameAs(lessons.get(0).scheduler());
        assertThat(last.deliveryPlatform()).isSameAs(lessons.get(0).deliveryPlatform());
        assertThat(last.grades()).isSameAs(lessons.get(0).grades());
        assertThat(last.startAt()).isSameAs(lessons.get(0).startAt());
        assertThat(last.timetableKey()).isSameAs(lessons.get(0).timetableKey());
    }

    @Test
    void namesTheCellOfEveryProblem() {
        FormResult<PushRecord> result = form.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, "略阳县 9/15-9/28 名师示范课课表");
            Examples.row(sheet, 1, TITLES);
            String[] line = LINE.clone();
            line[5] = "中心小学";
            line[7] = "下周三上午";
            line[11] = "123";
            Examples.row(sheet, 2, line);
        }));

        assertThat(result.records(Lesson.class)).isEmpty();
        assertThat(result.problems())
                .extracting(CellProblem::cell, CellProblem::columnZh)
                .contains(
                        org.assertj.core.groups.Tuple.tuple("Sheet1!F3", "单位"),
                        org.assertj.core.groups.Tuple.tuple("Sheet1!H3", "开课时间"));
        assertThat(result.problems().get(0).hint()).contains("2161000003", "2161000004");
    }

    @Test
    void readsDateCellsWithTheEndBesideThem() {
        FormResult<PushRecord> result = form.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, "略阳县 9/15-9/28 名师示范课课表");
            Examples.row(sheet, 1, TITLES);
            sheet.value(1, 15, "下课时间");
            Examples.row(sheet, 2, LINE);
            sheet.value(2, 7, LocalDateTime.of(2022, 9, 16, 9, 0));
            sheet.style(2, 7).format("yyyy-mm-dd hh:mm").set();
            sheet.value(2, 15, "9:40");
            sheet.value(2, 11, 13_800_000_000L);
        }));

        assertThat(result.problems()).isEmpty();
        Lesson lesson = result.records(Lesson.class).get(0);
        assertThat(lesson.startAt()).isEqualTo(OffsetDateTime.parse("2022-09-16T09:00:00+08:00"));
        assertThat(lesson.endAt()).isEqualTo(OffsetDateTime.parse("2022-09-16T09:40:00+08:00"));
        assertThat(lesson.scheduler().phone()).isEqualTo("13800000000");
    }

    @Test
    void offersListsInCodedColumnsBelowTheLastLineToo() throws java.io.IOException {
        List<PushRecord> records = new java.util.ArrayList<>(
                form.read(Examples.workbook(TimetableFormTest::asIssued)).records());
        Lesson lesson = (Lesson) records.get(1);
        for (int i = 2; i <= 1_200; i++) {
            records.add(lesson.toBuilder().lineNo(i).lessonNo("x" + i).build());
        }

        FormFile file = Examples.written(out -> form.write(records, out));
        String xml = Examples.part(file, "xl/worksheets/sheet1.xml");

        String lists = xml.substring(xml.indexOf("<dataValidations"));
        assertThat(lists).contains("B4:B2205", "C4:C2205", "I4:I2205", "J4:J2205", "O4:O2205");
        assertThat(lists).contains("直播", "语文", "小学", "一年级", "专递课堂");
    }
}
