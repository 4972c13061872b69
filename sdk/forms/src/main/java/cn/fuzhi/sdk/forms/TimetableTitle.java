package cn.fuzhi.sdk.forms;

import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The heading of Annex 2, "xx市/校 月/日-月/日 名师示范课课表".
 *
 * @param issuer who issues the timetable, as written; may be empty
 * @param year the year, null when the heading has none, as the form does
 */
record TimetableTitle(
        String issuer,
        @Nullable Integer year,
        int fromMonth,
        int fromDay,
        @Nullable Integer endYear,
        int toMonth,
        int toDay) {
    private static final Pattern TITLE =
            Pattern.compile("([^0-9]{0,60}?)(?:(20\\d{2})[年/.-])?(\\d{1,2})[月/.](\\d{1,2})[日号]?"
                    + "[-~\u2010-\u2015\u2212至到]+(?:(20\\d{2})[年/.-])?(?:(\\d{1,2})[月/.])?(\\d{1,2})[日号]?[^0-9].*");

    static @Nullable TimetableTitle parse(String text) {
        String bare = Text.bare(text);
        Matcher m = bare.length() > 200 ? null : TITLE.matcher(bare + " ");
        if (m == null || !m.matches()) {
            return null;
        }
        int fromMonth = Dates.number(m.group(3));
        return new TimetableTitle(
                m.group(1).replaceAll("^附件\\d?|\\($", ""),
                m.group(2) == null ? null : Integer.valueOf(m.group(2)),
                fromMonth,
                Dates.number(m.group(4)),
                m.group(5) == null ? null : Integer.valueOf(m.group(5)),
                m.group(6) == null ? fromMonth : Dates.number(m.group(6)),
                Dates.number(m.group(7)));
    }

    @Nullable
    LocalDate start(int base) {
        return Dates.of(base, fromMonth, fromDay);
    }

    /** A period over New Year ends in the next year. */
    @Nullable
    LocalDate end(int base) {
        return Dates.of(endYear != null ? endYear : toMonth < fromMonth ? base + 1 : base, toMonth, toDay);
    }

    static String of(String issuer, LocalDate start, LocalDate end) {
        return issuer + " " + start.getMonthValue() + "/" + start.getDayOfMonth() + "-" + end.getMonthValue() + "/"
                + end.getDayOfMonth() + " 名师示范课课表";
    }
}
