package dev.lychee.rerank.operators.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.Profile;
import dev.lychee.rerank.schemas.Sha256;

/**
 * Names how query and documents become what the model reads. Logits of texts that were made in
 * another way have another distribution, so a calibration map must not be used for both.
 */
public final class TextHash {

    private TextHash() {}

    /**
     * The first 16 hexadecimal digits of a SHA-256 over what differs from the defaults, so that an
     * option which a later release adds changes nothing for those who do not use it; and over the
     * dictionaries, if they are used.
     */
    public static String of(Profile.Text text, TextDictionaries dictionaries) {
        ObjectNode document = Json.mapper().valueToTree(text.document());
        ObjectNode defaults = Json.mapper().valueToTree(Profile.Document.DEFAULTS);
        document.properties().removeIf(each -> each.getValue().equals(defaults.get(each.getKey())));
        ObjectNode differing = Json.mapper().createObjectNode();
        differing.set("document", document);
        if (text.cleanQuery()) {
            differing.put("dictionaries", dictionaries.hash());
        }
        return Sha256.hex(differing.toString(), 16);
    }
}
