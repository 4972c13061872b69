package cn.fuzhi.examples.excel;

import static org.assertj.core.api.Assertions.assertThat;

import cn.fuzhi.sdk.Credentials;
import cn.fuzhi.sdk.FuzhiClient;
import cn.fuzhi.sdk.forms.FormContext;
import cn.fuzhi.sdk.forms.FormFile;
import cn.fuzhi.sdk.forms.SchoolDirectoryForm;
import cn.fuzhi.sdk.mock.Fault;
import cn.fuzhi.sdk.mock.MockPlatform;
import cn.fuzhi.sdk.model.School;
import cn.fuzhi.sdk.outbox.Outbox;
import cn.fuzhi.sdk.rules.Divisions;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class TimetableDeskTest {
    private static final Path SAMPLES = Path.of("..", "samples");

    @TempDir
    private Path folder;

    private MockPlatform platform;
    private FuzhiClient client;
    private Outbox outbox;
    private TimetableDesk desk;

    @BeforeEach
    void open() {
        platform = MockPlatform.start();
        platform.faults().add(Fault.status(503)); // what is taken stays in the outbox, to be counted
        client = FuzhiClient.builder()
                .baseUrl(platform.baseUrl())
                .credentials(Credentials.hmacSha256(platform.keyId(), platform::secret))
                .build();
        outbox = Outbox.builder()
                .client(client)
                .file(folder.resolve("outbox.db"))
                .build();
        List<School> schools = SchoolDirectoryForm.of(FormContext.builder()
                        .divisions(Divisions.bundled().all())
                        .build())
                .read(FormFile.of(SAMPLES.resolve("schools.xlsx")))
                .records();
        desk = new TimetableDesk(outbox, schools);
    }

    @AfterEach
    void close() {
        outbox.close();
        client.close();
        platform.close();
    }

    /** What a clerk reads when the pointer rests on a marked cell, by cell. */
    private static Map<String, String> comments(Path workbook) throws Exception {
        Map<String, String> comments = new HashMap<>();
        try (ZipFile parts = new ZipFile(workbook.toFile())) {
            for (ZipEntry part : Collections.list(parts.entries())) {
                if (part.getName().matches(".*/comments.*\\.xml")) {
                    NodeList marks = DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(parts.getInputStream(part))
                            .getElementsByTagName("comment");
                    for (int i = 0; i < marks.getLength(); i++) {
                        Element mark = (Element) marks.item(i);
                        comments.put(mark.getAttribute("ref"), mark.getTextContent());
                    }
                }
            }
        }
        return comments;
    }

    @Test
    void enqueuesAGoodTimetable() throws Exception {
        assertThat(desk.take(SAMPLES.resolve("timetable.xlsx"), folder.resolve("corrections.xlsx")))
                .isTrue();

        assertThat(outbox.status().pending()).isEqualTo(61); // one timetable, 60 lessons
        assertThat(folder.resolve("corrections.xlsx")).doesNotExist();
    }

    @Test
    void sendsATimetableWithMistakesBackMarked() throws Exception {
        Path corrections = folder.resolve("corrections.xlsx");

        assertThat(desk.take(SAMPLES.resolve("timetable-with-problems.xlsx"), corrections))
                .isFalse();

        assertThat(outbox.status().pending()).isZero();
        Map<String, String> comments = comments(corrections);
        assertThat(comments).containsOnlyKeys("F7", "H8", "H9", "L9", "H10", "M10", "O10");
        assertThat(comments.get("F7")).startsWith("学校名录中没有“中心小学”");
        assertThat(comments.get("H9")).startsWith("开课时间无法识别：9月21日上午");
        assertThat(comments.get("M10")).contains("请在“授课平台代码”列填写");
    }
}
