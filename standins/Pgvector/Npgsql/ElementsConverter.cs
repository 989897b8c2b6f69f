using Npgsql.Internal;

namespace Pgvector.Npgsql;

/// <summary>How one kind of vector lies on the wire.</summary>
internal sealed record ElementFormat<TVector, TElement>(
    int Width,
    Func<TVector, ReadOnlyMemory<TElement>> Elements,
    Func<TElement[], TVector> Create,
    Func<PgReader, TElement> Read,
    Action<PgWriter, TElement> Write);

internal static class ElementsConverter
{
    public static ElementsConverter<Vector, float> ForVector() => new(new(
        sizeof(float),
        vector => vector.Memory,
        elements => new Vector(elements),
        reader => reader.ReadFloat(),
        (writer, element) => writer.WriteFloat(element)));

    public static ElementsConverter<HalfVector, Half> ForHalfVector() => new(new(
        sizeof(ushort),
        vector => vector.Memory,
        elements => new HalfVector(elements),
        reader => BitConverter.UInt16BitsToHalf(reader.ReadUInt16()),
        (writer, element) => writer.WriteUInt16(BitConverter.HalfToUInt16Bits(element))));
}

/// <summary>
/// Binary form of both types: the number of elements and a zero, 16 bits each, then the elements, all big-endian.
/// Streaming, because 3 072 floats are more than Npgsql's buffer of 8 kB.
/// </summary>
internal sealed class ElementsConverter<TVector, TElement>(ElementFormat<TVector, TElement> format)
    : PgStreamingConverter<TVector>
    where TVector : class
{
    private const int HeaderSize = 2 * sizeof(ushort);

    public override Size GetSize(SizeContext context, TVector value, ref object? writeState) =>
        HeaderSize + (format.Elements(value).Length * format.Width);

    public override TVector Read(PgReader reader)
    {
        if (reader.ShouldBuffer(HeaderSize)) reader.Buffer(HeaderSize);
        var elements = ReadHeader(reader);
        for (var i = 0; i < elements.Length; i++)
        {
            if (reader.ShouldBuffer(format.Width)) reader.Buffer(format.Width);
            elements[i] = format.Read(reader);
        }

        return format.Create(elements);
    }

    public override async ValueTask<TVector> ReadAsync(PgReader reader, CancellationToken cancellationToken = default)
    {
        if (reader.ShouldBuffer(HeaderSize)) await reader.BufferAsync(HeaderSize, cancellationToken);
        var elements = ReadHeader(reader);
        for (var i = 0; i < elements.Length; i++)
        {
            if (reader.ShouldBuffer(format.Width)) await reader.BufferAsync(format.Width, cancellationToken);
            elements[i] = format.Read(reader);
        }

        return format.Create(elements);
    }

    public override void Write(PgWriter writer, TVector value)
    {
        var elements = format.Elements(value);
        if (writer.ShouldFlush(HeaderSize)) writer.Flush();
        WriteHeader(writer, elements.Length);
        foreach (var element in elements.Span)
        {
            if (writer.ShouldFlush(format.Width)) writer.Flush();
            format.Write(writer, element);
        }
    }

    public override async ValueTask WriteAsync(
        PgWriter writer, TVector value, CancellationToken cancellationToken = default)
    {
        var elements = format.Elements(value);
        if (writer.ShouldFlush(HeaderSize)) await writer.FlushAsync(cancellationToken);
        WriteHeader(writer, elements.Length);
        for (var i = 0; i < elements.Length; i++)
        {
            if (writer.ShouldFlush(format.Width)) await writer.FlushAsync(cancellationToken);
            format.Write(writer, elements.Span[i]);
        }
    }

    private static TElement[] ReadHeader(PgReader reader)
    {
        var count = reader.ReadUInt16();
        if (reader.ReadUInt16() != 0) throw new InvalidCastException("Not a vector: its second word is not zero.");
        return new TElement[count];
    }

    private static void WriteHeader(PgWriter writer, int count)
    {
        writer.WriteUInt16(checked((ushort)count));
        writer.WriteUInt16(0);
    }
}
