package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.Timetable;

/** A line of a timetable while it is read: the lesson's builder, and the head to which the line belongs. */
final class LessonLine {
    final Timetable head;
    final int position;
    final Lesson.Builder lesson = Lesson.builder();

    /**
     * @param head head of the timetable
     * @param position which line of the timetable it is, from 1
     */
    LessonLine(Timetable head, int position) {
        this.head = head;
        this.position = position;
        lesson.timetableKey(head.key()).bodyCode(head.bodyCode());
    }
}
