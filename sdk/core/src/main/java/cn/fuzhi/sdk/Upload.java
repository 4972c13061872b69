package cn.fuzhi.sdk;

import cn.fuzhi.sdk.api.AttachmentsApi;
import cn.fuzhi.sdk.model.Attachment;
import cn.fuzhi.sdk.model.AttachmentPart;
import cn.fuzhi.sdk.model.AttachmentState;
import cn.fuzhi.sdk.model.NewAttachment;
import cn.fuzhi.sdk.rules.RuleReport;
import cn.fuzhi.sdk.rules.Rules;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;

/**
 * Uploads one file in parts. The platform says which parts it has, so that an upload that was broken off goes on where it ended,
 * also in another process. One part is held in memory at a time, at most 8 MiB.
 */
final class Upload {
    private static final ObjectReader PART = Json.MAPPER.readerFor(AttachmentPart.class);
    private static final MediaType BYTES = MediaType.get("application/octet-stream");
    /** As in the contract: a number is a part of addresses, where {@code ..} would lead away. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,39}");

    private static final int CHUNK = 1 << 16;
    private static final int LARGEST_PART = 8 << 20;

    private final AttachmentsApi attachments;
    private final Pipeline pipeline;
    private final HttpUrl baseUrl;
    private final Ports ports;

    Upload(AttachmentsApi attachments, Pipeline pipeline, HttpUrl baseUrl, Ports ports) {
        this.attachments = attachments;
        this.pipeline = pipeline;
        this.baseUrl = baseUrl;
        this.ports = ports;
    }

    Attachment send(Path file, String mediaType) throws IOException {
        NewAttachment announced = announce(file, mediaType);
        RuleReport report = Rules.check(announced);
        if (report.hasErrors()) {
            throw RecordCodec.refused(report.errors());
        }
        Attachment attachment = attachments.create(announced);
        if (isComplete(attachment)) {
            return attachment;
        }
        String id = attachment.attachmentId();
        if (id == null || !ID.matcher(id).matches()) {
            throw Explained.broken("平台给出的附件编号不可用", "the platform gives the attachment an impossible number");
        }
        Attachment sent = finish(file, attachment, id);
        if (!isComplete(sent)) {
            throw Explained.broken(
                    "平台没有确认附件完整，请重新上传", "the platform does not say that it has the whole file, upload it again");
        }
        return sent;
    }

    /** Who uploads the same file at the same time may be done first: then the attachment takes no more parts. */
    private Attachment finish(Path file, Attachment attachment, String id) throws IOException {
        try {
            sendParts(file, attachment);
            return attachments.complete(id);
        } catch (FuzhiException.Refused e) {
            Attachment there = "STATE_CONFLICT".equals(e.code()) ? attachments.get(id) : attachment;
            if (isComplete(there)) {
                return there;
            }
            throw e;
        }
    }

    private static boolean isComplete(Attachment attachment) {
        return AttachmentState.COMPLETE.equals(attachment.state());
    }

    private static NewAttachment announce(Path file, String mediaType) throws IOException {
        Path name = file.getFileName();
        return NewAttachment.builder()
                .fileName(name == null ? "" : name.toString())
                .mediaType(mediaType)
                .sizeBytes(Files.size(file))
                .sha256(digest(file))
                .build();
    }

    private static String digest(Path file) throws IOException {
        MessageDigest sha256 = Freezer.sha256();
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                sha256.update(chunk, 0, read);
            }
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private void sendParts(Path file, Attachment attachment) throws IOException {
        Map<Integer, String> arrived = new HashMap<>();
        attachment.receivedParts().stream()
                .filter(Objects::nonNull)
                .forEach(part -> arrived.put(part.partNo(), part.sha256()));
        try (InputStream in = Files.newInputStream(file)) {
            int size = partSize(attachment);
            byte[] part = in.readNBytes(size);
            for (int number = 1; part.length > 0; number++) {
                String digest = RecordCodec.digest(part);
                if (!digest.equals(arrived.get(number))) {
                    sendPart(attachment.attachmentId(), number, part, digest);
                }
                part = in.readNBytes(size);
            }
        }
    }

    /** The platform chooses the size, within what the contract lets it choose: a part is held in memory. */
    private static int partSize(Attachment attachment) {
        Integer size = attachment.partSizeBytes();
        if (size == null || size < 1 || size > LARGEST_PART) {
            throw Explained.broken("平台给出的分片大小不可用", "the platform asks for parts of an impossible size");
        }
        return size;
    }

    private void sendPart(String attachmentId, int number, byte[] part, String digest) {
        HttpUrl url = baseUrl.newBuilder()
                .addPathSegments("v1/attachments")
                .addPathSegment(attachmentId)
                .addPathSegment("parts")
                .addPathSegment(String.valueOf(number))
                .build();
        Request request =
                new Request.Builder().url(url).method("PUT", Headers.EMPTY_BODY).build();
        // The bytes are compressed already, as files of these types are.
        Payload payload = Payload.incompressible(part, BYTES);
        AttachmentPart arrived = pipeline.call(PlainCalls.<AttachmentPart>operation(request, ports, PART::readValue)
                .with(payload));
        if (!digest.equals(arrived.sha256())) {
            throw Explained.broken(
                    "平台收到的第 " + number + " 个分片与所发不符，请重新上传",
                    "part " + number + " did not arrive as it was sent, upload the file again");
        }
    }
}
