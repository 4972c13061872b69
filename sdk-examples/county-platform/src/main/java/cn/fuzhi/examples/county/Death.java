package cn.fuzhi.examples.county;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * When a county is killed: some time after it says a certain word.
 *
 * @param hour recognises the word
 * @param after how long it lives from then on
 */
record Death(Predicate<String> hour, Duration after) {
    private static final int EARLY_MILLIS = 1_500;
    private static final int ON_THE_WAY = 3;
    private static final String PROGRESS = "progress ";

    /**
     * The deaths of one day, in order: one while workbooks are read and records are enqueued, three while records are delivered, and
     * on every other day one when the submission has just been stored.
     */
    static List<Death> ofDay(Random random, int records) {
        List<Death> deaths = new ArrayList<>();
        deaths.add(new Death("reading"::equals, Duration.ofMillis(random.nextInt(EARLY_MILLIS))));
        for (int i = 0; i < ON_THE_WAY; i++) {
            long reached = Math.round(records * (i + random.nextDouble()) / (ON_THE_WAY + 1));
            deaths.add(new Death(line -> progress(line) >= reached, Duration.ZERO));
        }
        if (random.nextBoolean()) {
            deaths.add(new Death("submitted"::equals, Duration.ZERO));
        }
        return deaths;
    }

    /** For the county that is left alone in the end. */
    static Death never() {
        return new Death(line -> false, Duration.ZERO);
    }

    /** How many records a line says are delivered; -1 if it is about something else. */
    static long progress(String line) {
        return line.startsWith(PROGRESS) ? Long.parseLong(line.substring(PROGRESS.length())) : -1;
    }
}
