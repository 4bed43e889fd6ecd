using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ConfSync.Bytes;
using ConfSync.Configuration;
using ConfSync.Runs;
using ConfSync.Trees;

namespace ConfSync.Reports;

/// <summary>How every document for programs is written (RFC 8259): docs/schema.json describes them. Members may be added within a
/// version; what is there keeps its meaning. Names and words that are no valid UTF-8 stand as in
/// <see cref="PosixText.Printable"/>; all but ASCII is escaped. Pure.</summary>
internal static class JsonText
{
    public const int Version = 1;

    /// <param name="body">Writes what stands behind the head.</param>
    /// <returns>The document, ended by a newline.</returns>
    public static string Document(DocumentHead head, Action<Utf8JsonWriter> body) => Text(isIndented: true, writer => Document(writer, head, body)) + "\n";

    /// <summary>A text without a newline at its end.</summary>
    public static string Text(bool isIndented, Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = isIndented })) write(writer);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    public static void Document(Utf8JsonWriter writer, DocumentHead head, Action<Utf8JsonWriter> body)
    {
        writer.WriteStartObject();
        writer.WriteString("document", $"nginx-sync {RunNames.Of(head.Kind)}");
        writer.WriteNumber("version", Version);
        writer.WriteString("result", RunNames.Of(head.Result));
        writer.WriteNumber("exitStatus", head.ExitStatus);
        if (head.Message is { } message) writer.WriteString("message", message);
        if (head.Error is { } error) writer.Write("error", JsonErrors.Of(error), JsonPartsContext.Default.JsonError);
        writer.WriteString("programVersion", head.Version);
        writer.WriteString("who", PosixText.Printable(head.Who));
        writer.WriteString("configuration", PosixText.Printable(head.ConfigPath));
        writer.WriteString("started", Utc(head.Started));
        writer.WriteNumber("seconds", Seconds(head.Took));
        writer.WriteAll("warnings", head.Warnings.Select(Of), JsonPartsContext.Default.JsonProblem);
        body(writer);
        writer.WriteEndObject();
    }

    public static void Write<T>(this Utf8JsonWriter writer, string name, T value, JsonTypeInfo<T> type)
    {
        writer.WritePropertyName(name);
        JsonSerializer.Serialize(writer, value, type);
    }

    public static void WriteAll<T>(this Utf8JsonWriter writer, string name, IEnumerable<T> values, JsonTypeInfo<T> type)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) JsonSerializer.Serialize(writer, value, type);
        writer.WriteEndArray();
    }

    public static void WriteUnmatched(this Utf8JsonWriter writer, IEnumerable<NamedPattern> patterns) => writer.WriteAll(
        "unmatched", patterns.Select(pattern => new JsonPattern(pattern.Variable, PosixText.Printable(pattern.Text))), JsonPartsContext.Default.JsonPattern);

    public static void WriteAll(this Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    /// <summary>RFC 3339, in UTC, to the millisecond.</summary>
    public static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string? Utc(DateTimeOffset? time) => time is { } known ? Utc(known) : null;

    /// <summary>One line, made safe to show.</summary>
    public static string? Shown(string? text) => text is null ? null : PosixText.Printable(text);

    /// <summary>The same of one or more lines.</summary>
    public static string? Lines(string? words) => words is null ? null : PosixText.PrintableLines(words);

    public static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);

    public static JsonProblem Of(ConfigurationProblem problem) =>
        new(PosixText.Printable(problem.File), problem.Line > 0 ? problem.Line : null, problem.Message, problem.IsWarning ? null : $"{MessageCodes.Of(problem)}");

    /// <summary>Null where a node was looked at.</summary>
    public static string? MessageCode(LookFailure? failure) => failure is null ? null : $"{MessageCodes.Of(failure)}";
}
