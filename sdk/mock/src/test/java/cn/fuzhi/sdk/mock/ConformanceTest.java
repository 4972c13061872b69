package cn.fuzhi.sdk.mock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every answer has the form of the contract, judged by a JSON Schema validator that the platform does not use. */
class ConformanceTest {
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDialect(
            Dialects.getOpenApi30(), builder -> builder.schemas(Map.of("urn:spec", Examples.CONTRACT.toString())));

    private final MockPlatform mock = Conversation.platform();
    private final List<String> findings = new ArrayList<>();

    @AfterEach
    void stop() {
        mock.close();
    }

    private void judge(String operationId, Vendor.Answer answer) {
        JsonNode responses = operation(operationId).get("responses");
        if (answer.http().headers().firstValue("Fuzhi-Request-Id").isEmpty()) {
            findings.add(operationId + " has no Fuzhi-Request-Id");
        }
        if (answer.status() == 200) {
            String schema =
                    responses.at("/200/content/application~1json/schema/$ref").asText();
            validate(operationId, schema, answer.body());
            return;
        }
        String type = answer.http().headers().firstValue("Content-Type").orElse("");
        boolean stated = answer.body().path("status").asInt() == answer.status();
        boolean described = responses.has(String.valueOf(answer.status())) || responses.has("default");
        if (!type.equals("application/problem+json") || !stated || !described) {
            findings.add(operationId + " answered " + answer.status() + " as " + type + " " + answer.body());
        }
        validate(operationId, "#/components/schemas/Problem", answer.body());
    }

    private void validate(String what, String ref, JsonNode body) {
        List<Error> errors =
                SCHEMAS.getSchema(SchemaLocation.of("urn:spec" + ref)).validate(body.toString(), InputFormat.JSON);
        errors.forEach(error -> findings.add(what + ": " + error));
    }

    private static JsonNode operation(String operationId) {
        for (JsonNode path : Examples.CONTRACT.get("paths")) {
            for (JsonNode operation : path) {
                if (operation.path("operationId").asText().equals(operationId)) {
                    return operation;
                }
            }
        }
        throw new AssertionError("the contract has no " + operationId);
    }

    @Test
    void answersEveryOperationAndEveryCodeInTheFormOfTheContract() {
        Conversation conversation = new Conversation(mock, mock.baseUrl(), this::judge);
        conversation.everyOperation();
        conversation.everyCode();

        System.out.println("JSON Schema: " + conversation.counts() + ", " + findings.size() + " findings");
        assertThat(findings).as(mock.report()).isEmpty();
        assertThat(conversation.operations().keySet()).containsExactlyElementsOf(Conversation.allOperations());
        assertThat(conversation.codes().keySet()).containsExactlyElementsOf(codes(false));
        assertThat(conversation.itemCodes().keySet()).containsExactlyElementsOf(codes(true));
    }

    /** Without this, a judge that finds nothing could be one that looks at nothing. */
    @Test
    void findsAnAnswerThatHasAnotherForm() {
        Vendor vendor = new Vendor(mock.baseUrl(), mock.keyId(), mock.secret());
        mock.faults().add(Fault.answer(200, "application/json", "{\"items\":[{\"key\":1}],\"hasMore\":\"no\"}"));

        judge("listSchools", vendor.get("/v1/schools"));

        assertThat(findings).hasSizeGreaterThan(2);
    }

    static Set<String> codes(boolean itemLevel) {
        Set<String> codes = new TreeSet<>();
        Contract.data("errors.json").stream()
                .filter(entry -> entry.get("itemLevel").asBoolean() == itemLevel)
                .forEach(entry -> codes.add(entry.get("code").asText()));
        return codes;
    }
}
