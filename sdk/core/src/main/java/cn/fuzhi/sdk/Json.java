package cn.fuzhi.sdk;

import cn.fuzhi.sdk.model.ItemResult;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.NumberDeserializers;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.Function;

/** How JSON is read and written everywhere: strict about form, tolerant of what a newer platform adds. */
final class Json {
    private static final int DEPTH = 64;
    private static final int TEXT = 1_000_000;

    /**
     * Refuses what the default mapper accepts: trailing text, duplicate keys, a number for a string, a fraction for an integer,
     * an ordinal for a code, a number with a monstrous exponent. Keeps the offset of a time as it was written. Ignores unknown
     * properties. There is no polymorphic typing, and none may be switched on.
     */
    static final JsonMapper MAPPER = JsonMapper.builder(factory())
            .addModule(scalars())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    texts -> texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    /** The same for every record, so that no call has to make one. */
    static final ObjectWriter WRITER = MAPPER.writer();

    private Json() {}

    /** Writes values one after another with nothing between them; a writer for each would be half of its garbage. */
    static SequenceWriter sequence(OutputStream out) {
        try {
            return WRITER.writeValues(MAPPER.createGenerator(out).setRootValueSeparator(null));
        } catch (IOException e) {
            throw new IllegalStateException("a generator over memory always opens", e);
        }
    }

    /** The contract has two types of time, so that no module for all of Java's is needed (one jar less, and a quicker start). */
    private static SimpleModule scalars() {
        return new SimpleModule()
                .addDeserializer(BigDecimal.class, new Decimal())
                .addDeserializer(LocalDate.class, new Iso<>(LocalDate.class, LocalDate::parse))
                .addDeserializer(OffsetDateTime.class, new Iso<>(OffsetDateTime.class, OffsetDateTime::parse))
                .addDeserializer(ItemResult.class, new ItemResults())
                .addSerializer(LocalDate.class, ToStringSerializer.instance)
                .addSerializer(OffsetDateTime.class, new Rfc3339());
    }

    private static JsonFactory factory() {
        JsonFactoryBuilder settings = new JsonFactoryBuilder();
        settings.streamReadConstraints(StreamReadConstraints.builder()
                .maxNestingDepth(DEPTH)
                .maxStringLength(TEXT)
                .build());
        settings.disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION);
        settings.disable(JsonWriteFeature.ESCAPE_NON_ASCII);
        return new StrictParser.Parsers(settings);
    }

    /** Ten characters can stand for a number of a billion digits, which whoever writes it out would have to hold. */
    private static final class Decimal extends StdScalarDeserializer<BigDecimal> {
        private static final long serialVersionUID = 1L;
        private static final int SCALE = 100;

        Decimal() {
            super(BigDecimal.class);
        }

        @Override
        public BigDecimal deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            BigDecimal value = NumberDeserializers.BigDecimalDeserializer.instance.deserialize(parser, context);
            if (value != null && Math.abs((long) value.scale()) > SCALE) {
                throw context.weirdNumberException(value, BigDecimal.class, "exponent out of range");
            }
            return value;
        }
    }

    /** A day or time as ISO 8601 text: the usual readers also take a number, a list of numbers, or nothing. */
    private static final class Iso<T> extends StdScalarDeserializer<T> {
        private static final long serialVersionUID = 1L;
        private final transient Function<String, T> reading;

        Iso(Class<T> type, Function<String, T> reading) {
            super(type);
            this.reading = reading;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                throw context.wrongTokenException(parser, handledType(), JsonToken.VALUE_STRING, "not a text");
            }
            try {
                return reading.apply(parser.getText());
            } catch (DateTimeException e) {
                throw context.weirdStringException(parser.getText(), handledType(), "not ISO 8601");
            }
        }
    }

    /** A time with its seconds and offset; a formatter would leave 500 bytes of garbage for each, and a lesson has three. */
    private static final class Rfc3339 extends StdScalarSerializer<OffsetDateTime> {
        private static final long serialVersionUID = 1L;
        private static final String BEIJING = "+08:00";

        Rfc3339() {
            super(OffsetDateTime.class);
        }

        @Override
        public void serialize(OffsetDateTime time, JsonGenerator json, SerializerProvider provider) throws IOException {
            boolean usual = time.getNano() == 0
                    && time.getYear() >= 1000
                    && time.getYear() <= 9999
                    && BEIJING.equals(time.getOffset().getId());
            if (!usual) {
                json.writeString(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time));
                return;
            }
            char[] text = "0000-00-00T00:00:00+08:00".toCharArray();
            digits(text, 0, time.getYear() / 100);
            digits(text, 2, time.getYear() % 100);
            digits(text, 5, time.getMonthValue());
            digits(text, 8, time.getDayOfMonth());
            digits(text, 11, time.getHour());
            digits(text, 14, time.getMinute());
            digits(text, 17, time.getSecond());
            json.writeString(text, 0, text.length);
        }

        private static void digits(char[] text, int at, int value) {
            text[at] += (char) (value / 10);
            text[at + 1] += (char) (value % 10);
        }
    }
}
