package cn.fuzhi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cn.fuzhi.sdk.model.BatchResult;
import cn.fuzhi.sdk.model.Verdict;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictParserTest {
    @ParameterizedTest
    @Tag("S40")
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":1}",
                "{\"a\":{\"b\":1,\"c\":[{\"d\":1,\"e\":2,\"d\":3}]}}",
                "[{\"a\":1},{\"a\":1,\"b\":2,\"\\u0061\":3}]",
                "{\"a\":1,\"b\":{\"a\":1},\"a\":2}",
            })
    void refusesANameThatComesTwiceWhateverTheInputIs(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Json.MAPPER.readTree(json)).isInstanceOf(JsonParseException.class);
        assertThatThrownBy(() -> Json.MAPPER.readTree(bytes)).isInstanceOf(JsonParseException.class);
        assertThatThrownBy(() -> Json.MAPPER.readTree(new ByteArrayInputStream(bytes)))
                .isInstanceOf(JsonParseException.class);
        assertThatThrownBy(() -> Json.MAPPER.readTree(new StringReader(json))).isInstanceOf(JsonParseException.class);
        char[] chars = json.toCharArray();
        assertThatThrownBy(() -> Json.MAPPER.readTree(Json.MAPPER.getFactory().createParser(chars, 0, chars.length)))
                .isInstanceOf(JsonParseException.class);
    }

    @Test
    void takesTheSameNameInDifferentObjects() throws JsonProcessingException {
        String json = "[{\"a\":1,\"b\":{\"a\":2,\"b\":{\"a\":3}},\"c\":{\"a\":4}},{\"a\":5}]";
        assertThat(Json.MAPPER.readTree(json)).hasToString(json);
    }

    @Test
    void refusesATwinAmongManyNames() throws JsonProcessingException {
        String names =
                IntStream.range(0, 5000).mapToObj(i -> "\"n" + i + "\":0").collect(Collectors.joining(","));
        assertThat(Json.MAPPER.readTree("[{" + names + "},{" + names + "}]")).hasSize(2);
        assertThatThrownBy(() -> Json.MAPPER.readTree("{" + names + ",\"n4711\":0}"))
                .isInstanceOf(JsonParseException.class);
        assertThatThrownBy(() -> Json.MAPPER.readTree("{" + names + ",\"n3\":0}"))
                .isInstanceOf(JsonParseException.class);
    }

    @Test
    @Tag("S40")
    void refusesATwinInWhatIsBoundAndInWhatNobodyReads() throws JsonProcessingException {
        String good =
                "{\"results\":[{\"key\":\"a\",\"result\":\"CREATED\",\"version\":1}],\"later\":{\"x\":[1,{\"y\":2}]}}";
        BatchResult result = Json.MAPPER.readValue(good, BatchResult.class);
        assertThat(result.results()).hasSize(1);
        assertThat(result.results().get(0).result()).isEqualTo(Verdict.CREATED);
        for (String bad : new String[] {
            good.replace("\"version\":1", "\"version\":1,\"result\":\"REJECTED\""),
            good.replace("\"y\":2", "\"y\":2,\"y\":3"),
            good.replace("\"later\"", "\"results\""),
        }) {
            assertThatThrownBy(() -> Json.MAPPER.readValue(bad, BatchResult.class))
                    .isInstanceOf(JsonProcessingException.class);
        }
    }

    @Test
    void skipsAndStepsLikeAnyParser() throws IOException {
        JsonParser parser = Json.MAPPER.getFactory().createParser("{\"a\":[1,{\"b\":2}],\"c\":true}");
        assertThat(parser.skipChildren().currentToken()).isNull();
        assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
        assertThat(parser.nextFieldName()).isEqualTo("a");
        assertThat(parser.nextValue()).isEqualTo(JsonToken.START_ARRAY);
        assertThat(parser.skipChildren().currentToken()).isEqualTo(JsonToken.END_ARRAY);
        assertThat(parser.nextValue()).isEqualTo(JsonToken.VALUE_TRUE);
        assertThat(parser.nextToken()).isEqualTo(JsonToken.END_OBJECT);
        assertThat(parser.nextToken()).isNull();
        JsonParser cut = Json.MAPPER.getFactory().createParser("[1,[2");
        cut.nextToken();
        assertThatThrownBy(cut::skipChildren).isInstanceOf(JsonProcessingException.class);
    }
}
