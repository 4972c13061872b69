package cn.fuzhi.sdk.mock;

import java.util.List;
import java.util.Set;

/**
 * Who calls: what is registered for a key id. Secrets are masked in {@link #toString()}.
 *
 * @param keyId the key id
 * @param algorithm {@code hmac-sha256} or {@code hmac-sm3}, bound to the key id
 * @param secrets one or two secrets that are valid now, so that one can be replaced without a gap
 * @param platformCode platform of the key
 * @param bodyCodes bodies, counties and zones for which it may report
 * @param divisionCodes resolved jurisdiction
 * @param scopes permissions; {@code *} allows everything
 * @param enabled false for a key that is switched off
 */
record Caller(
        String keyId,
        String algorithm,
        List<byte[]> secrets,
        String platformCode,
        Set<String> bodyCodes,
        Set<String> divisionCodes,
        Set<String> scopes,
        boolean enabled) {

    boolean may(String scope) {
        return scopes.contains("*") || scopes.contains(scope);
    }

    Caller withSecrets(List<byte[]> others) {
        return new Caller(keyId, algorithm, others, platformCode, bodyCodes, divisionCodes, scopes, enabled);
    }

    Caller withEnabled(boolean value) {
        return new Caller(keyId, algorithm, secrets, platformCode, bodyCodes, divisionCodes, scopes, value);
    }

    @Override
    public String toString() {
        return keyId + " (" + platformCode + ", " + algorithm + ", secrets: ***)";
    }
}
