package dev.lychee.rerank.deploy.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void writesPlainTextToAPipe() {
        Terminal terminal = Terminal.of(out, "", Map.of());

        terminal.progress("working");
        terminal.println(terminal.green("done"));

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("done" + System.lineSeparator());
    }

    @Test
    void coloursOnATerminal() {
        assertThat(Terminal.of(out, "100", Map.of()).green("x")).contains("\u001b[32m");
        assertThat(Terminal.of(out, "100", Map.of()).width()).isEqualTo(100);
    }

    @Test
    void respectsNoColor() {
        Terminal terminal = Terminal.of(out, "100", Map.of("NO_COLOR", "1"));

        assertThat(terminal.green("x")).isEqualTo("x");
        assertThat(terminal.isInteractive()).isTrue();
    }

    @Test
    void replacesProgressByTheNextLine() {
        Terminal terminal = Terminal.of(out, "100", Map.of());

        terminal.progress("working");
        terminal.println("done");

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\u001b[Kworking\r\u001b[Kdone" + System.lineSeparator());
    }
}
