package cn.fuzhi.sdk;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.json.UTF8StreamJsonParser;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses bytes that are not UTF-8 (RFC 8259 §8.1), where Jackson guesses UTF-16 and UTF-32, and a JSON object that has one name
 * twice. The second Jackson can do too ({@code STRICT_DUPLICATE_DETECTION}), with a new hash set for
 * each object: a quarter of all that a push allocated went into the names of results. Here the few names of an object lie in
 * an array that is kept for the next one.
 */
final class StrictParser extends JsonParserDelegate {
    private static final int DEPTH = 4;

    private final List<Names> objects = new ArrayList<>(DEPTH);
    private int depth;

    private StrictParser(JsonParser parser) {
        super(parser);
    }

    /** Makes strict parsers of whatever is to be read. */
    static final class Parsers extends JsonFactory {
        private static final long serialVersionUID = 1L;

        Parsers(JsonFactoryBuilder settings) {
            super(settings);
        }

        @Override
        protected JsonParser _createParser(InputStream in, IOContext context) throws IOException {
            return new StrictParser(utf8(super._createParser(in, context)));
        }

        @Override
        protected JsonParser _createParser(Reader in, IOContext context) throws IOException {
            return new StrictParser(super._createParser(in, context));
        }

        @Override
        protected JsonParser _createParser(char[] text, int from, int length, IOContext context, boolean recyclable)
                throws IOException {
            return new StrictParser(super._createParser(text, from, length, context, recyclable));
        }

        @Override
        protected JsonParser _createParser(byte[] text, int from, int length, IOContext context) throws IOException {
            return new StrictParser(utf8(super._createParser(text, from, length, context)));
        }

        private static JsonParser utf8(JsonParser parser) throws JsonParseException {
            if (parser instanceof UTF8StreamJsonParser) {
                return parser;
            }
            throw new JsonParseException(parser, "not UTF-8");
        }
    }

    /** The names that an object had so far; from many on they are hashed, so that no answer costs the square of its length. */
    private static final class Names {
        private static final int FEW = 24;
        private String[] few = new String[FEW / 4];
        private int count;
        private @Nullable Set<String> more;

        void clear() {
            count = 0;
            more = null;
        }

        boolean add(String name) {
            for (int i = 0; i < count; i++) {
                if (few[i].equals(name)) {
                    return false;
                }
            }
            if (count == FEW) {
                more = more == null ? new HashSet<>() : more;
                return more.add(name);
            }
            if (count == few.length) {
                few = Arrays.copyOf(few, 2 * count);
            }
            few[count++] = name;
            return true;
        }
    }

    @Override
    public JsonToken nextToken() throws IOException {
        JsonToken token = delegate.nextToken();
        if (token == JsonToken.FIELD_NAME) {
            if (!objects.get(depth - 1).add(delegate.currentName())) {
                throw new JsonParseException(this, "Duplicate field '" + delegate.currentName() + "'");
            }
        } else if (token == JsonToken.START_OBJECT) {
            if (objects.size() == depth) {
                objects.add(new Names());
            }
            objects.get(depth++).clear();
        } else if (token == JsonToken.END_OBJECT) {
            depth--;
        }
        return token;
    }

    @Override
    public JsonToken nextValue() throws IOException {
        JsonToken token = nextToken();
        return token == JsonToken.FIELD_NAME ? nextToken() : token;
    }

    /** Skips token by token: what nobody reads is refused as well when it is broken. */
    @Override
    public JsonParser skipChildren() throws IOException {
        if (!hasToken(JsonToken.START_OBJECT) && !hasToken(JsonToken.START_ARRAY)) {
            return this;
        }
        for (int open = 1; open > 0; ) {
            JsonToken token = nextToken();
            if (token == null) {
                throw new JsonParseException(this, "Unexpected end of input");
            }
            open += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        }
        return this;
    }
}
