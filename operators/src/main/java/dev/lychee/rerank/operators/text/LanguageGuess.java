package dev.lychee.rerank.operators.text;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which languages a query is in. */
final class LanguageGuess {

    private LanguageGuess() {}

    /**
     * The language of the locale if one is given, else those that the query's scripts suggest:
     * Chinese for Han, English for Latin, both for a mixed query. With kana it is Japanese, with
     * Hangul Korean, since words that mean one thing in Chinese mean another there.
     *
     * @param locale a BCP 47 tag such as {@code zh-CN}; null where nobody says
     * @return ISO 639 codes; empty for other scripts
     */
    static Set<String> of(@Nullable String locale, String query) {
        if (locale != null) {
            String language = Locale.forLanguageTag(locale.replace('_', '-')).getLanguage();
            if (!language.isEmpty()) {
                return Set.of(language);
            }
        }
        Set<String> languages = new TreeSet<>();
        query.codePoints()
                .forEach(
                        c -> {
                            switch (Character.UnicodeScript.of(c)) {
                                case LATIN -> languages.add("en");
                                case HAN -> languages.add("zh");
                                case HIRAGANA, KATAKANA -> languages.add("ja");
                                case HANGUL -> languages.add("ko");
                                default -> {}
                            }
                        });
        if (languages.contains("ja") || languages.contains("ko")) {
            languages.remove("zh");
        }
        return languages;
    }
}
