package dev.lychee.rerank.operators.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What several dictionaries together do to a query. */
final class CleaningRules {

    private final PhraseMatcher fillers;
    private final PhraseMatcher kept;
    private final ModelNames models;

    /** What all of them say; of a model that several name the last one counts. */
    CleaningRules(List<TextDictionary> dictionaries) {
        List<String> allFillers = new ArrayList<>();
        List<String> allKept = new ArrayList<>();
        Map<String, List<String>> allModels = new LinkedHashMap<>();
        for (TextDictionary dictionary : dictionaries) {
            allFillers.addAll(dictionary.fillers());
            allKept.addAll(dictionary.keep());
            dictionary
                    .models()
                    .forEach(
                            (name, words) -> {
                                allModels.keySet().removeIf(name::equalsIgnoreCase);
                                if (words != null) {
                                    allModels.put(name, words);
                                }
                            });
        }
        fillers = new PhraseMatcher(allFillers);
        kept = new PhraseMatcher(allKept);
        models = new ModelNames(allModels);
    }

    /**
     * The text without fillers. A space stands for each until white space is collapsed: so what
     * stood around it does not become another word.
     */
    String withoutFillers(String text) {
        String lower = PhraseMatcher.lower(text);
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            int next = kept.endAt(lower, at);
            if (next < 0) {
                next = fillers.endAt(lower, at);
                if (next >= 0) {
                    out.append(' ');
                    at = next;
                    continue;
                }
                next = at + 1;
            }
            out.append(text, at, next);
            at = next;
        }
        return PlainText.collapsed(out);
    }

    /** The text with names of models as their makers write them, apart from the words around. */
    String withModelNames(String text) {
        String lower = PhraseMatcher.lower(text);
        StringBuilder out = new StringBuilder(text.length() + 16);
        int at = 0;
        while (at < text.length()) {
            int next = kept.endAt(lower, at);
            ModelNames.Match match = next < 0 ? models.at(lower, at) : null;
            if (match == null) {
                next = Math.max(next, at + 1);
                out.append(text, at, next);
            } else {
                next = match.end();
                if (!out.isEmpty() && Character.isLetterOrDigit(text.codePointBefore(at))) {
                    out.append(' ');
                }
                out.append(match.written());
                if (next < text.length() && Character.isLetterOrDigit(text.codePointAt(next))) {
                    out.append(' ');
                }
            }
            at = next;
        }
        return out.toString();
    }
}
