package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.ItemResult;
import cn.fuzhi.sdk.model.SubmissionOutcome;
import cn.fuzhi.sdk.model.Verdict;
import cn.fuzhi.sdk.model.Violation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the results of a batch, of which there is one for each record that is sent. What has the usual form is taken straight from
 * the parser; everything else goes the way of any other answer, with the same refusals.
 */
final class ItemResults extends StdDeserializer<ItemResult> {
    private static final long serialVersionUID = 1L;
    private static final JavaType VIOLATIONS =
            TypeFactory.defaultInstance().constructCollectionType(List.class, Violation.class);

    ItemResults() {
        super(ItemResult.class);
    }

    @Override
    @SuppressWarnings("NullAway") // a record that is read is not checked yet
    public @Nullable ItemResult deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (!parser.isExpectedStartObjectToken()) {
            return (ItemResult) context.handleUnexpectedToken(ItemResult.class, parser);
        }
        String key = null;
        Long version = null;
        Verdict result = null;
        Long currentVersion = null;
        String currentDigest = null;
        List<Violation> violations = List.of();
        List<Violation> warnings = List.of();
        SubmissionOutcome submission = null;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            switch (name) {
                case "key" -> key = text(token, parser, context);
                case "version" -> version = number(token, parser, context);
                case "result" -> result = verdict(token, parser, context);
                case "currentVersion" -> currentVersion = number(token, parser, context);
                case "currentDigest" -> currentDigest = text(token, parser, context);
                case "violations" -> violations = context.readValue(parser, VIOLATIONS);
                case "warnings" -> warnings = context.readValue(parser, VIOLATIONS);
                case "submission" -> submission = context.readValue(parser, SubmissionOutcome.class);
                default -> parser.skipChildren();
            }
        }
        return new ItemResult(key, version, result, currentVersion, currentDigest, violations, warnings, submission);
    }

    private static @Nullable String text(JsonToken token, JsonParser parser, DeserializationContext context)
            throws IOException {
        return token == JsonToken.VALUE_STRING ? parser.getText() : context.readValue(parser, String.class);
    }

    private static @Nullable Long number(JsonToken token, JsonParser parser, DeserializationContext context)
            throws IOException {
        return token == JsonToken.VALUE_NUMBER_INT
                ? (Long) parser.getLongValue()
                : context.readValue(parser, Long.class);
    }

    private static @Nullable Verdict verdict(JsonToken token, JsonParser parser, DeserializationContext context)
            throws IOException {
        return token == JsonToken.VALUE_STRING
                ? Verdict.of(parser.getText())
                : context.readValue(parser, Verdict.class);
    }
}
