namespace ConfSync.Cli;

/// <summary>What --output asks for.</summary>
internal enum OutputFormat
{
    Text,

    /// <summary>One document, at the end.</summary>
    Json,
    Prometheus,
}
