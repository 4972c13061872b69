package cn.fuzhi.sdk.rules;

/** The check character of a unified social credit code (统一社会信用代码, GB 32100-2015). */
final class CreditCode {
    private static final String ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private static final int[] WEIGHTS = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};

    private CreditCode() {}

    static boolean isValid(String code) {
        if (code.length() != WEIGHTS.length + 1) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < WEIGHTS.length; i++) {
            int value = ALPHABET.indexOf(code.charAt(i));
            if (value < 0) {
                return false;
            }
            sum += value * WEIGHTS[i];
        }
        int size = ALPHABET.length();
        return code.charAt(WEIGHTS.length) == ALPHABET.charAt((size - sum % size) % size);
    }
}
