package cn.fuzhi.sdk.forms;

import cn.fuzhi.sdk.model.Division;
import cn.fuzhi.sdk.model.Lesson;
import cn.fuzhi.sdk.model.Timetable;
import org.jspecify.annotations.Nullable;

/** A line of a timetable while it is read: the lesson's builder, and the head to which the line belongs. */
final class LessonLine {
    final Timetable head;
    final int position;
    final Repeats repeats;
    final Lesson.Builder lesson = Lesson.builder();

    /** The division that the line names, if it names one that is known. */
    @Nullable
    Division place;

    /** Whether what is wrong with the division was said already. */
    boolean placeReported;

    /**
     * @param head head of the timetable
     * @param position which line of the timetable it is, from 1
     * @param repeats what lines before said
     */
    LessonLine(Timetable head, int position, Repeats repeats) {
        this.head = head;
        this.position = position;
        this.repeats = repeats;
        lesson.timetableKey(repeats.one(head.key())).bodyCode(head.bodyCode());
    }
}
