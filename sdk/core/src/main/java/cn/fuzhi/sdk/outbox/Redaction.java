package cn.fuzhi.sdk.outbox;

import cn.fuzhi.sdk.FuzhiException;
import cn.fuzhi.sdk.RecordCodec;
import cn.fuzhi.sdk.model.Mask;
import cn.fuzhi.sdk.model.RecordKind;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Hides personal values in texts that others wrote: a platform or a reviewer may repeat what a record says. */
final class Redaction {
    private static final int SHORTEST = 2;
    private static final int PHONE = 7;

    private Redaction() {}

    /**
     * Masks what the record itself treats as personal, and numbers that look like it.
     *
     * @param payload the frozen bytes of the record, or null
     */
    static String masked(String text, RecordKind kind, byte @Nullable [] payload) {
        String safe = text;
        for (String value : personal(kind, payload)) {
            if (safe.contains(value)) {
                boolean number = value.length() >= PHONE && value.chars().anyMatch(c -> c >= '0' && c <= '9');
                safe = safe.replace(value, String.valueOf(number ? Mask.phone(value) : Mask.name(value)));
            }
        }
        return Mask.numbers(safe);
    }

    /** Values that the record does not show of itself: the contract says which ones these are, and toString() obeys it. */
    private static List<String> personal(RecordKind kind, byte @Nullable [] payload) {
        if (payload == null) {
            return List.of();
        }
        try {
            String shown = RecordCodec.parse(kind.type(), payload).toString();
            return JsonTexts.values(payload).stream()
                    .filter(value -> value.length() >= SHORTEST && !isShown(value, shown))
                    .distinct()
                    .sorted(Comparator.comparing(String::length).reversed())
                    .toList();
        } catch (FuzhiException.Refused e) {
            return List.of(); // damaged, so nobody has read it either
        }
    }

    /** Whether a text shows a value as a whole: a name may be part of another text, such as that of a lesson. */
    private static boolean isShown(String value, String shown) {
        return Pattern.compile("[=\\[ ]" + Pattern.quote(value) + "[,\\]]")
                .matcher(shown)
                .find();
    }
}
