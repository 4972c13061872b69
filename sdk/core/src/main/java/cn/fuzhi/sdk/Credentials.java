package cn.fuzhi.sdk;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * How requests are signed: a key id and the secret behind it.
 *
 * <p>The secret is asked for when it is first needed, kept only inside the initialised algorithm, and asked for again after the
 * platform refused it: a secret is rotated without a restart. It is in no text, log or error of the SDK. Whatever gives the secret must
 * answer soon: the call that asks waits for it, and no timeout of the client ends that.
 */
public sealed interface Credentials {
    /**
     * Signs with HMAC-SHA256.
     *
     * @param keyId key id that the province gave, 1 to 40 characters
     * @param secret gives a new array with the secret at each call; the array is wiped after use. Called from any thread
     * @return the credentials
     */
    static Credentials hmacSha256(String keyId, Supplier<byte[]> secret) {
        return new Hmac(keyId, "HmacSHA256", secret);
    }

    /**
     * Signs with HMAC-SM3 (GB/T 32905), for sites that must use domestic cryptography. A JCA provider that has {@code HmacSM3}
     * must be installed.
     *
     * @param keyId key id that the province gave, 1 to 40 characters
     * @param secret gives a new array with the secret at each call; the array is wiped after use. Called from any thread
     * @return the credentials
     */
    static Credentials hmacSm3(String keyId, Supplier<byte[]> secret) {
        return new Hmac(keyId, "HmacSM3", secret);
    }

    /**
     * Returns the key id.
     *
     * @return the key id, which is no secret
     */
    String keyId();

    /**
     * A shared secret.
     *
     * @param keyId key id
     * @param algorithm JCA name of the algorithm; bound to the key id, never sent (RFC 9421 §3.2)
     * @param secret source of the secret
     */
    record Hmac(String keyId, String algorithm, Supplier<byte[]> secret) implements Credentials {
        /** Tells at once what is missing: the first call, which needs it, may be far away. */
        public Hmac {
            Objects.requireNonNull(keyId, "缺少密钥编号 / the key id is missing");
            Objects.requireNonNull(secret, "缺少密钥的来源 / the source of the secret is missing");
        }

        @Override
        public String toString() {
            return algorithm + "[keyId=" + keyId + "]";
        }
    }
}
