package dev.lychee.rerank.deploy.files;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * One HTML file that loads nothing and has no script. Written through the JDK's XML writer, so that
 * no text can break out of its place.
 */
public final class HtmlPage {

    private HtmlPage() {}

    /** What stands in a page. */
    @FunctionalInterface
    public interface Body {

        /** Writes it. */
        void write(XMLStreamWriter out) throws XMLStreamException;
    }

    /**
     * Writes a page.
     *
     * @param style its style sheet
     */
    public static void write(Path file, String title, String style, Body body) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file)) {
            writer.write("<!DOCTYPE html>\n");
            XMLStreamWriter out = XMLOutputFactory.newInstance().createXMLStreamWriter(writer);
            out.writeStartElement("html");
            out.writeAttribute("lang", "en");
            out.writeStartElement("head");
            out.writeEmptyElement("meta");
            out.writeAttribute("charset", "utf-8");
            element(out, "title", title);
            element(out, "style", style);
            out.writeEndElement();
            out.writeStartElement("body");
            body.write(out);
            out.writeEndElement();
            out.writeEndElement();
            out.writeEndDocument();
            out.flush();
        } catch (XMLStreamException e) {
            throw new IOException("The report " + file + " cannot be written", e);
        }
    }

    private static void element(XMLStreamWriter out, String name, String text)
            throws XMLStreamException {
        out.writeStartElement(name);
        out.writeCharacters(text);
        out.writeEndElement();
    }
}
