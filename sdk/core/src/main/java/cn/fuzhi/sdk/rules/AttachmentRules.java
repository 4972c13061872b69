package cn.fuzhi.sdk.rules;

import cn.fuzhi.sdk.model.Mask;
import cn.fuzhi.sdk.model.NewAttachment;
import cn.fuzhi.sdk.model.Rule;
import java.util.Locale;
import java.util.Map;

/** Rules on a file that is about to be uploaded. */
final class AttachmentRules {
    private static final Map<String, String> TYPES = Map.of(
            "pdf", "application/pdf",
            "jpg", "image/jpeg",
            "jpeg", "image/jpeg",
            "png", "image/png",
            "mp4", "video/mp4",
            "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

    private AttachmentRules() {}

    /** the extension fits the media type. What type and size may be is checked by the constraints of the fields. */
    static void check(NewAttachment attachment, Check check) {
        if (check.v.isIncomplete()) {
            return;
        }
        String expected = TYPES.get(extension(attachment.fileName()));
        if (expected == null
                || (TYPES.containsValue(attachment.mediaType()) && !expected.equals(attachment.mediaType()))) {
            String value = Mask.value(attachment.fileName());
            check.v.add(Rule.R_34, "fileName", "文件名", "value", value);
        }
    }

    private static String extension(String fileName) {
        return fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
