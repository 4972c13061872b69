package cn.fuzhi.sdk.forms;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Counts the elements of XML that passes by, by their local names, without parsing it: whatever part a library may take them
 * from, there are not more of them than were counted.
 */
final class TagCount {
    private static final int LONGEST = 16;

    /** Places of the names by their length. */
    private final int[][] ofLength = new int[LONGEST + 2][0];

    private final byte[][] names;
    private final long[] counts;
    private final byte[] name = new byte[LONGEST];

    /** How much of a name was read, {@link #LONGEST} + 1 if more than is kept; -1 outside a start tag. */
    private int length = -1;

    TagCount(String... names) {
        this.names = new byte[names.length][];
        for (int i = 0; i < names.length; i++) {
            this.names[i] = names[i].getBytes(StandardCharsets.ISO_8859_1);
            int[] same = ofLength[this.names[i].length];
            same = Arrays.copyOf(same, same.length + 1);
            same[same.length - 1] = i;
            ofLength[this.names[i].length] = same;
        }
        counts = new long[names.length];
    }

    /** A new part begins. */
    void begin() {
        length = -1;
    }

    void add(byte[] buffer, int count) {
        int i = 0;
        while (i < count) {
            byte b = buffer[i++];
            if (b == '<') {
                length = 0;
            } else if (length >= 0) {
                next(b);
            } else {
                while (i < count && buffer[i] != '<') {
                    i++;
                }
            }
        }
    }

    private void next(byte b) {
        if (b == ':') {
            length = 0;
        } else if (b == '>' || b == '/' || (b >= 0 && b <= ' ')) {
            end();
            length = -1;
        } else if (length < LONGEST) {
            name[length++] = b;
        } else {
            length = LONGEST + 1; // none of ours, unless all of this was a prefix
        }
    }

    private void end() {
        for (int place : ofLength[length]) {
            if (matches(names[place])) {
                counts[place]++;
            }
        }
    }

    private boolean matches(byte[] other) {
        for (int i = 0; i < length; i++) {
            if (name[i] != other[i]) {
                return false;
            }
        }
        return true;
    }

    long of(int index) {
        return counts[index];
    }
}
