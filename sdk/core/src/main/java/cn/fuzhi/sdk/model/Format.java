package cn.fuzhi.sdk.model;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** The pattern of a text, and the rule that a text breaks which does not match it. */
final class Format {
    /** The grammar that {@code domain.md} calls a part of a natural key. */
    private static final String PART = "[A-Za-z0-9][A-Za-z0-9._-]";

    private static final Pattern COMPOUND = Pattern.compile("~|/|\\\\\\.");

    /** Groups are matched by recursion, and no text with a pattern is longer than this in the contract. */
    private static final int LONGEST = 2_000;

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final int number = NUMBERS.getAndIncrement();
    private final Pattern pattern;
    private final Rule rule;
    private final boolean isPart;
    private final boolean hasParts;

    private Format(String regex, Rule rule) {
        this.pattern = Pattern.compile(regex);
        this.rule = rule;
        this.isPart = rule == Rule.R_35 && !COMPOUND.matcher(regex).find();
        this.hasParts = regex.contains(PART);
    }

    /**
     * Compiles a format once, for a constant of a generated record.
     *
     * @param regex pattern that the whole text must match
     * @param rule number of the rule to report
     */
    static Format of(String regex, String rule) {
        return new Format(regex, Rule.of(rule));
    }

    /** Counts from 0: what a collector keeps for each format lies in an array, because every record looks four or five times. */
    int number() {
        return number;
    }

    /** How many formats there are so far; greater than the number of each of them. */
    static int count() {
        return NUMBERS.get();
    }

    Pattern pattern() {
        return pattern;
    }

    /** Whether a vendor chooses the text, so that an identity number may be in it; the other formats leave no room for one. */
    boolean isChosen() {
        return hasParts;
    }

    /** Whether the text may be matched at all, and holds no {@code ..}, which the pattern of a key part lets pass. */
    boolean admits(String text) {
        return text.length() <= LONGEST && !(hasParts && text.contains(".."));
    }

    /** A separator in what should be one part of a key has a rule that says so. */
    Rule brokenBy(String text) {
        boolean separator = text.indexOf('~') >= 0 || text.indexOf('/') >= 0;
        return (isPart && separator) || ((isPart || hasParts) && text.contains("..")) ? Rule.R_38 : rule;
    }
}
