using System.Globalization;
using System.Text;

namespace ConfSync.Reports;

/// <summary>Writes gauges in Prometheus' text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats), with names by
/// its conventions (prometheus.io/docs/practices/naming).</summary>
internal sealed class PrometheusText
{
    private readonly StringBuilder text = new();
    private string name = "";

    /// <summary>The next metric.</summary>
    public void Head(string metric, string help)
    {
        name = metric;
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n");
    }

    /// <summary>A value of the metric that was begun last.</summary>
    public void Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        text.Append(name);
        for (var i = 0; i < labels.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? '{' : ',')}{labels[i].Name}=\"{Escaped(labels[i].Value)}\"");
        }
        text.Append(labels.Length > 0 ? "} " : " ").Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    public override string ToString() => text.ToString();

    private static string Escaped(string label) => label.Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
