namespace ConfSync.Cli;

/// <summary>What --output asks for.</summary>
internal enum OutputFormat
{
    Text,

    /// <summary>One document, at the end.</summary>
    Json,

    /// <summary>What happens while it happens, an event a line; the last one holds the document.</summary>
    JsonLines,
    Prometheus,
}
