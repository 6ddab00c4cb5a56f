package dev.lychee.rerank.operators.text;

import org.jspecify.annotations.Nullable;

/**
 * Cleans a query for the model: one way of writing each character, no fillers, names of models with
 * their spaces. Cleaning twice gives what cleaning once gave. Thread-safe.
 */
public final class QueryCleaner {

    private final TextDictionaries dictionaries;

    public QueryCleaner(TextDictionaries dictionaries) {
        this.dictionaries = dictionaries;
    }

    /**
     * The cleaned query. Where only fillers and punctuation were there, the fillers stay; where
     * nothing at all would be left, the query stays as it is.
     *
     * @param locale language of the query as a BCP 47 tag; null where it follows from the script
     */
    public String clean(String query, @Nullable String locale) {
        String plain = PlainText.of(query);
        if (plain.isEmpty()) {
            return query;
        }
        CleaningRules rules = dictionaries.rulesFor(LanguageGuess.of(locale, plain));
        String withoutFillers = rules.withoutFillers(plain);
        return rules.withModelNames(saysSomething(withoutFillers) ? withoutFillers : plain);
    }

    /** Whether there is a letter, a digit or a picture, not only punctuation. */
    private static boolean saysSomething(String text) {
        return text.codePoints()
                .anyMatch(
                        c ->
                                Character.isLetterOrDigit(c)
                                        || Character.getType(c) == Character.OTHER_SYMBOL);
    }
}
