package dev.lychee.rerank.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;

/** Reads {@code --config FILE} and {@code -Dkey=value}; the latter win. */
final class JobArguments {

    static final String USAGE = "usage: [--config FILE] [-Dkey=value ...]";

    private static final YAMLMapper YAML = new YAMLMapper();

    private JobArguments() {}

    static Configuration parse(String[] args) {
        Configuration file = new Configuration();
        Configuration single = new Configuration();
        List<String> arguments = List.of(args);
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--config") && i + 1 < arguments.size()) {
                file.addAll(load(new File(arguments.get(++i))));
            } else if (argument.startsWith("-D") && argument.indexOf('=') > 2) {
                int equals = argument.indexOf('=');
                single.setString(argument.substring(2, equals), argument.substring(equals + 1));
            } else {
                throw new InvalidOptionException(
                        "argument \"%s\" is not understood; %s".formatted(argument, USAGE));
            }
        }
        file.addAll(single);
        return file;
    }

    private static Configuration load(File file) {
        if (!file.isFile()) {
            throw new InvalidOptionException(
                    "--config: there is no file %s".formatted(file.getPath()));
        }
        try {
            Configuration options = new Configuration();
            flatten("", YAML.readTree(file), options);
            return options;
        } catch (IOException e) {
            throw new InvalidOptionException(
                    "--config: %s is not YAML: %s"
                            .formatted(
                                    file.getPath(),
                                    String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
        }
    }

    private static void flatten(String prefix, JsonNode node, Configuration options) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String key = prefix + entry.getKey();
            if (entry.getValue().isObject()) {
                flatten(key + ".", entry.getValue(), options);
            } else {
                options.setString(key, entry.getValue().asText());
            }
        }
    }
}
