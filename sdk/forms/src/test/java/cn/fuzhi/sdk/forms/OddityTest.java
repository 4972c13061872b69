package cn.fuzhi.sdk.forms;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.model.Grade;
import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.PushRecord;
import cn.fuzhi.sdk.model.Stage;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What real workbooks contain, one oddity after the other. */
final class OddityTest {
    static final String[] TITLES = {
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
        "9月16日 9:00-9:40",
        "小学",
        "一年级",
        "张样本",
        "13800000000",
        "陕西教育扶智平台",
        "",
        "专递课堂"
    };
    private final TimetableForm form = TimetableForm.of(Examples.context().build());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12 月 10 日 9:00-10:00",
                "12月10日9：00—10：00",
                "１２月１０日　９：００～１０：００",
                "12月10日（周六）上午9:00-10:00",
                "12月10日 星期六 9时00分至10时00分",
                "2022年12月10日 9:00 - 10:00",
                "2022-12-10 09:00-10:00",
                "2022/12/10 9:00~10:00",
                "12.10 9:00-10:00",
                "12/10 9:00－10:00",
                "12月10日 9点-10点"
            })
    void readsATimeInEveryUsualForm(String text) {
        LessonTimes.Span span = LessonTimes.parse(text);

        assertThat(span).isNotNull();
        assertThat(span.startIn(2022)).isEqualTo(LocalDateTime.of(2022, 12, 10, 9, 0));
        assertThat(span.endIn(2022)).isEqualTo(LocalDateTime.of(2022, 12, 10, 10, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2022-12-109:00",
                "12月10日",
                "下周三",
                "9:00-10:00",
                "25:00-26:00",
                "12月10日 9:75-10:00",
                "22-12-10 9:00-10:00",
                "12月10日 9:-10:00",
                "12月10日 晚上12:00-12:40"
            })
    void doesNotGuessATime(String text) {
        assertThat(LessonTimes.parse(text)).isNull();
    }

    @Test
    void readsAfternoonsAndLessonsOverMidnight() {
        LessonTimes.Span afternoon = LessonTimes.parse("9月16日下午2:30-3:10");
        LessonTimes.Span midnight = LessonTimes.parse("12月31日 23:30-1月1日 0:30");

        assertThat(afternoon.endIn(2022)).isEqualTo(LocalDateTime.of(2022, 9, 16, 15, 10));
        assertThat(midnight.endIn(2022)).isEqualTo(LocalDateTime.of(2023, 1, 1, 0, 30));
    }

    @ParameterizedTest
    @CsvSource({
        "9月16日中午1:00-1:40,13:00,13:40",
        "9月16日中午11:50-12:30,11:50,12:30",
        "9月16日中午12:10-1:00,12:10,13:00",
        "9月16日晚上7点-7点40,19:00,19:40",
        "9月16日下午12:10-1:00,12:10,13:00"
    })
    void readsTheWordsForTheTimeOfDay(String text, String from, String to) {
        LessonTimes.Span span = LessonTimes.parse(text);

        assertThat(span.start()).isEqualTo(from);
        assertThat(span.end()).isEqualTo(to);
        assertThat(span.afternoon()).isTrue();
    }

    @Test
    void takesTheYearOfTheEndWhereItIsWritten() {
        LessonTimes.Span same = LessonTimes.parse("2022-12-31 23:30-2023-1-1 0:30");
        LessonTimes.Span wrong = LessonTimes.parse("2022-12-31 23:30-2022-1-1 0:30");

        assertThat(same.endIn(2022)).isEqualTo(LocalDateTime.of(2023, 1, 1, 0, 30));
        assertThat(wrong.endIn(2022)).isEqualTo(LocalDateTime.of(2022, 1, 1, 0, 30));
    }

    @Test
    void reportsADateCellWithoutATime() {
        FormResult<PushRecord> result = form.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, "略阳县 9/15-9/28 名师示范课课表");
            Examples.row(sheet, 1, TITLES);
            Examples.row(sheet, 2, LINE);
            sheet.value(2, 7, java.time.LocalDate.of(2022, 9, 16));
            sheet.style(2, 7).format("yyyy-mm-dd").set();
        }));

        assertThat(result.records(Lesson.class)).isEmpty();
        assertThat(result.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("没有上课时间"));
    }

    @Test
    void doesNotTakeOneStageForAll() {
        FormResult<PushRecord> result = read("略阳县 9/15-9/28 名师示范课课表", line(8, "小学全学段"), line(8, "全学段"));

        assertThat(result.records(Lesson.class))
                .singleElement()
                .satisfies(lesson -> assertThat(lesson.stages()).hasSize(4));
        assertThat(result.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.cell()).isEqualTo("Sheet1!I3"));
    }

    @ParameterizedTest
    @CsvSource({
        "略阳县 9/15-9/28 名师示范课课表,略阳县,9,15,9,28",
        "西安市12月26日—1月8日名师示范课课表,西安市,12,26,1,8",
        "示例一小 9月15-28日 课表,示例一小,9,15,9,28",
        "略阳县 2022年9月15日至9月28日 名师示范课课表,略阳县,9,15,9,28"
    })
    void readsTheHeading(String text, String issuer, int fromMonth, int fromDay, int toMonth, int toDay) {
        TimetableTitle title = TimetableTitle.parse(text);

        assertThat(title).isNotNull();
        assertThat(title.issuer()).isEqualTo(issuer);
        assertThat(List.of(title.fromMonth(), title.fromDay(), title.toMonth(), title.toDay()))
                .containsExactly(fromMonth, fromDay, toMonth, toDay);
    }

    @Test
    void givesAPeriodOverNewYearTwoYears() {
        FormResult<PushRecord> result =
                read("略阳县 12/26-1/8 名师示范课课表", line(7, "12月30日 9:00-9:40"), line(7, "1月5日 9:00-9:40"));

        assertThat(result.records(Lesson.class))
                .extracting(lesson -> lesson.startAt().getYear())
                .containsExactly(2022, 2023);
    }

    @Test
    void expandsAllStagesAndRangesOfGrades() {
        FormResult<PushRecord> result = read(
                "略阳县 9/15-9/28 名师示范课课表", line(8, "幼儿园/小学/初中/高中（全学段）"), line(9, "三-五年级"), line(9, "初一"), line(9, "全年级"));

        List<Lesson> lessons = result.records(Lesson.class);
        assertThat(lessons.get(0).stages())
                .containsExactly(Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR);
        assertThat(lessons.get(1).grades()).containsExactly(Grade.G3, Grade.G4, Grade.G5);
        assertThat(lessons.get(2).grades()).containsExactly(Grade.G7);
        assertThat(lessons.get(3).grades()).isEmpty();
        assertThat(result.notes())
                .extracting(FormNote::message)
                .contains("全学段按幼儿园、小学、初中、高中读取", "“初一”按“七年级”读取", "“全年级”按不限年级读取");
    }

    @ParameterizedTest
    @CsvSource({
        "138 0000 0000,13800000000",
        "138-0000-0000,13800000000",
        "１３８００００００００,13800000000",
        "（029）80000000,029-80000000",
        "029 8000 0000,029-80000000",
        "029-80000000转12,029-80000000-12"
    })
    void tidiesPhones(String written, String read) {
        assertThat(Phones.tidy(written)).isEqualTo(read);
    }

    @Test
    void reportsAPhoneThatLostItsDigits() {
        FormResult<PushRecord> result = read("略阳县 9/15-9/28 名师示范课课表", line(11, "1.38E+10"));

        assertThat(result.records(Lesson.class)).isEmpty();
        assertThat(result.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.cell()).isEqualTo("Sheet1!L3");
            assertThat(problem.message()).contains("科学计数法");
        });
    }

    @Test
    void readsMovedExtraAndMergedColumnsOfSeveralSheets() {
        FormResult<PushRecord> result = form.read(Examples.workbook(
                sheet -> {
                    Examples.row(sheet, 0, "略阳县 9/15-9/28 名师示范课课表");
                    for (int i = 0; i < TITLES.length; i++) {
                        sheet.value(1, TITLES.length - i, TITLES[i]);
                        sheet.value(2, TITLES.length - i, LINE[i]);
                        sheet.value(
                                3,
                                TITLES.length - i,
                                i == 0 ? "2" : i == 4 ? "" : i == 7 ? "9月19日 9:00-9:40" : LINE[i]);
                    }
                    sheet.value(1, 0, "审核人");
                    sheet.range(2, TITLES.length - 4, 3, TITLES.length - 4).merge();
                },
                sheet -> {
                    Examples.row(sheet, 0, "示例一小 9/29-10/12 名师示范课课表");
                    Examples.row(sheet, 1, TITLES);
                    Examples.row(sheet, 2, line(7, "9月29日 9:00-9:40"));
                }));

        assertThat(result.problems()).isEmpty();
        assertThat(result.records(Lesson.class))
                .extracting(Lesson::timetableKey)
                .containsExactly("610727~2022-09-15", "610727~2022-09-15", "2161000001~2022-09-29");
        assertThat(result.notes()).extracting(FormNote::message).contains("表中没有“审核人”列，未读取", "合并单元格的内容用于所合并的每一行");
    }

    @Test
    void namesTheMissingColumnOnce() {
        FormResult<PushRecord> result = form.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, "略阳县 9/15-9/28 名师示范课课表");
            Examples.row(sheet, 1, java.util.Arrays.copyOf(TITLES, 14));
            Examples.row(sheet, 2, java.util.Arrays.copyOf(LINE, 14));
        }));

        assertThat(result.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).isEqualTo("缺少“三个课堂类型”列"));
    }

    @Test
    void neverShowsAPersonInAProblemOrNote() {
        FormResult<PushRecord> result =
                read("略阳县 9/15-9/28 名师示范课课表", line(11, "13800000"), line(3, "李 示例"), line(10, "王xx"));

        assertThat(result.problems().toString() + result.notes()).doesNotContain("13800000", "李 示例", "李示例", "王xx");
    }

    static String[] line(int column, String value) {
        String[] line = LINE.clone();
        line[column] = value;
        return line;
    }

    private FormResult<PushRecord> read(String title, String[]... lines) {
        return read(form, title, lines);
    }

    static FormResult<PushRecord> read(TimetableForm form, String title, String[]... lines) {
        return form.read(Examples.workbook(sheet -> {
            Examples.row(sheet, 0, title);
            Examples.row(sheet, 1, TITLES);
            for (int i = 0; i < lines.length; i++) {
                Examples.row(sheet, 2 + i, lines[i]);
                sheet.value(2 + i, 0, String.valueOf(i + 1));
            }
        }));
    }
}
