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
import org.jspecify.annotations.Nullable;

/**
 * The last part of a sheet's XML, where the merged cells stand behind all rows. The spreadsheet library streams the rows and does
 * not tell about merged cells, so they are picked up while the sizes are counted. One tail serves all sheets of a workbook.
 */
final class SheetTail {
    private static final int KEPT = 1 << 20;

    /** Of one cell: {@code B7}. */
    private static final Pattern CELL = Pattern.compile("([A-Z]{1,3})(\\d{1,7})");

    private static final String ELEMENT = "mergeCell";
    private static final String ATTRIBUTE = "ref=\"";

    private final byte[] ring = new byte[KEPT];
    private long written;

    /** A new sheet begins. */
    void begin() {
        written = 0;
    }

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

    /**
     * Takes the merged cells out of the sheet that has ended, sorted by their first row; every character is looked at once.
     *
     * @return null when more stands behind the rows than is kept, so that some could have been missed
     */
    @Nullable
    List<Merge> merges() {
        String text = kept();
        if (written > KEPT && !text.contains("sheetData>")) {
            return null;
        }
        List<Merge> merges = new ArrayList<>();
        int from = text.indexOf(ELEMENT);
        while (from >= 0) {
            int end = text.indexOf('>', from);
            if (end < 0) {
                break;
            }
            Merge merge = merge(text.substring(from + ELEMENT.length(), end));
            if (merge != null) {
                merges.add(merge);
            }
            from = text.indexOf(ELEMENT, end);
        }
        merges.sort(Comparator.comparingInt(Merge::top));
        return merges;
    }

    /** Reads {@code  ref="A1:B7"}, the attributes of one element. */
    private static @Nullable Merge merge(String attributes) {
        int ref = attributes.indexOf(ATTRIBUTE);
        int colon = ref < 0 ? -1 : attributes.indexOf(':', ref);
        int quote = colon < 0 ? -1 : attributes.indexOf('"', colon);
        if (quote < 0 || quote - ref > 30 || !Character.isWhitespace(attributes.charAt(0))) {
            return null;
        }
        Matcher first = CELL.matcher(attributes.substring(ref + ATTRIBUTE.length(), colon));
        Matcher last = CELL.matcher(attributes.substring(colon + 1, quote));
        if (!first.matches() || !last.matches()) {
            return null;
        }
        return new Merge(
                Integer.parseInt(first.group(2)),
                column(first.group(1)),
                Integer.parseInt(last.group(2)),
                column(last.group(1)));
    }

    private static int column(String letters) {
        int column = 0;
        for (int i = 0; i < letters.length(); i++) {
            column = column * 26 + letters.charAt(i) - 'A' + 1;
        }
        return column - 1;
    }

    /** Sorts the merged cells, which are known by part, by the names of the sheets. */
    static Map<String, List<Merge>> byName(ZipFile zip, Map<String, List<Merge>> byPart) throws IOException {
        Map<String, String> targets = new HashMap<>();
        for (String[] found : attributes(zip, "xl/_rels/workbook.xml.rels", "Relationship", "Id", "Target")) {
            targets.put(found[0], found[1].startsWith("/") ? found[1].substring(1) : "xl/" + found[1]);
        }
        Map<String, List<Merge>> merges = new HashMap<>();
        for (String[] found : attributes(zip, "xl/workbook.xml", "sheet", "name", "id")) {
            List<Merge> own = byPart.get(targets.getOrDefault(found[1], ""));
            if (own != null) {
                merges.put(found[0], own);
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
