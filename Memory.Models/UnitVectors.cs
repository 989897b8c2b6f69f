using Microsoft.Extensions.AI;

namespace Memory.Models;

/// <summary>The last look at what an endpoint calls a vector, before anything compares or stores it.</summary>
internal static class UnitVectors
{
    /// <returns>The vector scaled to unit length, which endpoints do not keep when they truncate.</returns>
    /// <exception cref="ModelException.Malformed">Its length is not the model's, a value is no finite number, or all are zero.</exception>
    public static Embedding<float> Checked(ReadOnlySpan<float> vector, EmbeddingModel model)
    {
        if (vector.Length != model.Dimensions)
            throw new ModelException.Malformed($"{model.Id} answered with a vector of {vector.Length} values; {model.Dimensions} were asked for.");
        double square = 0;
        foreach (float value in vector)
        {
            if (!float.IsFinite(value))
                throw new ModelException.Malformed($"{model.Id} answered with a vector that holds a value which is no number.");
            // In double, the squares of the largest and the smallest floats still have room.
            square += (double)value * value;
        }

        if (square == 0)
            throw new ModelException.Malformed($"{model.Id} answered with a vector of nothing but zeros.");
        double length = Math.Sqrt(square);
        var unit = new float[vector.Length];
        for (var i = 0; i < unit.Length; i++)
            unit[i] = (float)(vector[i] / length);
        return new Embedding<float>(unit) { ModelId = model.Id };
    }
}
