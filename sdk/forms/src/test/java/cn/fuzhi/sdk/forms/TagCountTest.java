package cn.fuzhi.sdk.forms;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TagCountTest {
    private static final String[] NAMES = {"c", "si", "xf", "row", "Relationship"};
    private static final String[] PIECES = {
        "<c>",
        "<c r=\"A1\">",
        "<x:c/>",
        "<c\n",
        "</c>",
        "<col/>",
        "<si>",
        "<s:si >",
        "</si>",
        "<xf/>",
        "<row>",
        "<rows>",
        "<t>c si row</t>",
        "<Relationship Id=\"1\"/>",
        "<Relationships>",
        "<aNameThatIsLongerThanAny:row>",
        ">",
        "文字"
    };

    /** An independent count by patterns, of texts that come in pieces which end anywhere. */
    @Test
    void countsStartTagsHoweverTheTextIsCut() {
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            StringBuilder xml = new StringBuilder();
            for (int piece = 0; piece < 60; piece++) {
                xml.append(PIECES[random.nextInt(PIECES.length)]);
            }
            TagCount counted = new TagCount(NAMES);
            counted.begin();
            byte[] all = xml.toString().getBytes(StandardCharsets.UTF_8);
            byte[] buffer = new byte[all.length];
            for (int from = 0; from < all.length; ) {
                int length = Math.min(all.length - from, 1 + random.nextInt(random.nextBoolean() ? 3 : 200));
                System.arraycopy(all, from, buffer, 0, length);
                counted.add(buffer, length);
                from += length;
            }
            for (int name = 0; name < NAMES.length; name++) {
                long expected = Pattern.compile("<(?:[A-Za-z]+:)?" + NAMES[name] + "[>/\\s]")
                        .matcher(xml)
                        .results()
                        .count();
                assertThat(counted.of(name)).as(NAMES[name] + " in " + xml).isEqualTo(expected);
            }
        }
    }
}
