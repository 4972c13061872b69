package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.Timetable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sorts lessons to the timetables to which they belong. */
final class TimetableLessons {
    private TimetableLessons() {}

    static Map<String, List<Lesson>> sort(List<Timetable> heads, List<Lesson> lessons, int records) {
        if (heads.size() + lessons.size() != records) {
            throw new IllegalArgumentException("课表只能包含课表和课程 / only timetables and lessons can be written");
        }
        Map<String, List<Lesson>> sorted = new LinkedHashMap<>();
        heads.forEach(head -> sorted.put(head.key(), new ArrayList<>()));
        for (Lesson lesson : lessons) {
            List<Lesson> own = sorted.get(lesson.timetableKey());
            if (own == null) {
                throw new IllegalArgumentException("课程没有对应的课表 / no timetable for lesson " + lesson.key());
            }
            own.add(lesson);
        }
        return sorted;
    }
}
