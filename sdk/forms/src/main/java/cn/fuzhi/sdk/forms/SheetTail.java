package cn.fuzhi.sdk.forms;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The last part of a sheet's XML, where the merged cells stand behind all rows. The spreadsheet library streams the rows and does
 * not tell about merged cells, so they are picked up while the sizes are counted.
 */
final class SheetTail {
    private static final int KEPT = 1 << 20;
    private static final Pattern MERGE =
            Pattern.compile("<(?:\\w+:)?mergeCell\\s[^>]*ref=\"([A-Z]{1,3})(\\d{1,7}):([A-Z]{1,3})(\\d{1,7})\"");

    private final byte[] ring = new byte[KEPT];
    private long written;

    void add(byte[] buffer, int length) {
        int from = Math.max(0, length - KEPT);
        while (from < length) {
            int at = (int) (written % KEPT);
            int count = Math.min(length - from, KEPT - at);
            System.arraycopy(buffer, from, ring, at, count);
            from += count;
            written += count;
        }
    }

    private String kept() {
        int at = (int) (written % KEPT);
        String newer = new String(ring, 0, at, StandardCharsets.ISO_8859_1);
        return written < KEPT ? newer : new String(ring, at, KEPT - at, StandardCharsets.ISO_8859_1) + newer;
    }

    private List<Merge> merges() {
        List<Merge> merges = new ArrayList<>();
        Matcher matcher = MERGE.matcher(kept());
        while (matcher.find()) {
            merges.add(new Merge(
                    Integer.parseInt(matcher.group(2)),
                    column(matcher.group(1)),
                    Integer.parseInt(matcher.group(4)),
                    column(matcher.group(3))));
        }
        merges.sort(Comparator.comparingInt(Merge::top));
        return merges;
    }

    private static int column(String letters) {
        int column = 0;
        for (int i = 0; i < letters.length(); i++) {
            column = column * 26 + letters.charAt(i) - 'A' + 1;
        }
        return column - 1;
    }

    /** Sorts the tails, which are known by part, by the names of the sheets. */
    static Map<String, List<Merge>> merges(ZipFile zip, Map<String, SheetTail> tails) throws IOException {
        Map<String, String> targets = new HashMap<>();
        for (String[] found : attributes(zip, "xl/_rels/workbook.xml.rels", "Relationship", "Id", "Target")) {
            targets.put(found[0], found[1].startsWith("/") ? found[1].substring(1) : "xl/" + found[1]);
        }
        Map<String, List<Merge>> merges = new HashMap<>();
        for (String[] found : attributes(zip, "xl/workbook.xml", "sheet", "name", "id")) {
            SheetTail tail = tails.get(targets.getOrDefault(found[1], ""));
            if (tail != null) {
                merges.put(found[0], tail.merges());
            }
        }
        return merges;
    }

    private static List<String[]> attributes(ZipFile zip, String part, String element, String... names)
            throws IOException {
        List<String[]> found = new ArrayList<>();
        ZipEntry entry = zip.getEntry(part);
        if (entry == null) {
            return found;
        }
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try (InputStream in = zip.getInputStream(entry)) {
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT && element.equals(xml.getLocalName())) {
                    String[] values = new String[names.length];
                    Arrays.fill(values, "");
                    for (int i = 0; i < xml.getAttributeCount(); i++) {
                        int at = Arrays.asList(names).indexOf(xml.getAttributeLocalName(i));
                        if (at >= 0) {
                            values[at] = xml.getAttributeValue(i);
                        }
                    }
                    found.add(values);
                }
            }
        } catch (XMLStreamException e) {
            throw new java.util.zip.ZipException(part + " is not XML");
        }
        return found;
    }
}
