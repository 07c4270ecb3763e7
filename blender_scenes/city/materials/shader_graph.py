"""A short way to write shader node trees."""

from __future__ import annotations

from typing import Any

import bpy

# A node socket, or a constant that its input takes.
Value = Any


class ShaderGraph:
    """Adds nodes to a material's or a world's tree and links them.

    Every method takes sockets or constants and returns an output socket.
    """

    def __init__(self, tree: bpy.types.NodeTree) -> None:
        self.tree = tree
        tree.nodes.clear()

    def node(
        self, kind: str, inputs: dict[str, Value], **settings: Any
    ) -> bpy.types.Node:
        """Add a node, set its properties, and fill inputs by identifier."""
        node = self.tree.nodes.new(kind)
        for name, value in settings.items():
            setattr(node, name, value)
        by_identifier = {socket.identifier: socket for socket in node.inputs}
        for name, value in inputs.items():
            self._fill(by_identifier[name], value)
        return node

    def _fill(self, socket: bpy.types.NodeSocket, value: Value) -> None:
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        elif socket.type == "RGBA" and not isinstance(value, float):
            socket.default_value = (*value, 1.0)
        else:
            socket.default_value = value

    def object_position(self) -> Value:
        """Position in the object's own axes, metres."""
        return self.node("ShaderNodeTexCoord", {}).outputs["Object"]

    def face_position(self) -> Value:
        """Position on the face, metres, the second coordinate upwards on walls."""
        return self.node("ShaderNodeTexCoord", {}).outputs["UV"]

    def street_position(self) -> Value:
        """Position in street axes, metres, where the ground has them; else its own."""
        node = self.node("ShaderNodeAttribute", {}, attribute_name="street")
        position = node.outputs["Vector"]
        length = self.node(
            "ShaderNodeVectorMath", {"Vector": position}, operation="LENGTH"
        ).outputs["Value"]
        # An attribute that a mesh does not have reads as zero.
        is_missing = self.math("LESS_THAN", length, 1e-6)
        return self.shifted(position, self.dim(self.object_position(), is_missing))

    def tint(self) -> Value:
        """Colour that the mesh gives to the face."""
        node = self.node("ShaderNodeAttribute", {}, attribute_name="tint")
        return node.outputs["Color"]

    def object_colour(self) -> Value:
        """Colour of the object, the same on all its faces."""
        return self.node("ShaderNodeObjectInfo", {}).outputs["Color"]

    def scene_value(self, name: str) -> Value:
        """Value that the scene carries as a custom property, 0 if it does not."""
        node = self.node(
            "ShaderNodeAttribute",
            {},
            attribute_name=name,
            attribute_type="VIEW_LAYER",
        )
        return node.outputs["Fac"]

    def component(self, vector: Value, axis: str) -> Value:
        """Return X, Y or Z of a vector."""
        return self.node("ShaderNodeSeparateXYZ", {"Vector": vector}).outputs[axis]

    def stretched(self, vector: Value, factors: tuple[float, float, float]) -> Value:
        """Multiply a position by one factor per axis."""
        node = self.node(
            "ShaderNodeVectorMath",
            {"Vector": vector, "Vector_001": factors},
            operation="MULTIPLY",
        )
        return node.outputs["Vector"]

    def shifted(self, vector: Value, offset: Value) -> Value:
        """Add two vectors."""
        inputs = {"Vector": vector, "Vector_001": offset}
        node = self.node("ShaderNodeVectorMath", inputs, operation="ADD")
        return node.outputs["Vector"]

    def noise(self, vector: Value, per_metre: float, *, detail: float = 2.0) -> Value:
        """Fractal noise around 0.5."""
        inputs = {"Vector": vector, "Scale": per_metre, "Detail": detail}
        return self.node("ShaderNodeTexNoise", inputs).outputs["Fac"]

    def cells(
        self,
        vector: Value,
        per_metre: float,
        *,
        feature: str = "F1",
        flat: bool = False,
    ) -> tuple[Value, Value]:
        """Return distance to, and random colour of, the Voronoi cell."""
        inputs = {"Vector": vector, "Scale": per_metre}
        node = self.node(
            "ShaderNodeTexVoronoi",
            inputs,
            feature=feature,
            voronoi_dimensions="2D" if flat else "3D",
        )
        distance = node.outputs["Distance"]
        return distance, node.outputs.get("Color", distance)

    def bricks(
        self,
        vector: Value,
        size_m: tuple[float, float],
        joint_m: float,
        *,
        colours: tuple[Value, Value],
        mortar: Value = (0.0, 0.0, 0.0),
        smooth: float = 0.1,
        bias: float = 0.0,
        offset: float = 0.5,
    ) -> tuple[Value, Value]:
        """Return colour of, and whether there is mortar in, rows of bricks.

        Each brick's colour lies between the two; ``size_m`` is width and height,
        ``offset`` the shift of every other row in widths.
        """
        inputs = {
            "Vector": vector,
            "Color1": colours[0],
            "Color2": colours[1],
            "Mortar": mortar,
            "Scale": 1.0,
            "Mortar Size": joint_m,
            "Mortar Smooth": smooth,
            "Bias": bias,
            "Brick Width": size_m[0],
            "Row Height": size_m[1],
        }
        node = self.node("ShaderNodeTexBrick", inputs, offset=offset)
        return node.outputs["Color"], node.outputs["Fac"]

    def math(self, operation: str, first: Value, second: Value = 0.0) -> Value:
        """Combine two numbers."""
        inputs = {"Value": first, "Value_001": second}
        return self.node("ShaderNodeMath", inputs, operation=operation).outputs["Value"]

    def ramp(
        self,
        value: Value,
        low: float,
        high: float,
        to_low: float = 0.0,
        to_high: float = 1.0,
    ) -> Value:
        """Map low..high to to_low..to_high and clamp."""
        inputs = {
            "Value": value,
            "From Min": low,
            "From Max": high,
            "To Min": to_low,
            "To Max": to_high,
        }
        return self.node("ShaderNodeMapRange", inputs).outputs["Result"]

    def mix(self, share: Value, first: Value, second: Value) -> Value:
        """Blend two colours."""
        inputs = {"Factor_Float": share, "A_Color": first, "B_Color": second}
        return self._mix(inputs, "MIX")

    def multiply(self, first: Value, second: Value) -> Value:
        """Multiply two colours."""
        inputs = {"Factor_Float": 1.0, "A_Color": first, "B_Color": second}
        return self._mix(inputs, "MULTIPLY")

    def dim(self, colour: Value, factor: Value) -> Value:
        """Multiply a colour by a number."""
        node = self.node(
            "ShaderNodeVectorMath",
            {"Vector": colour, "Scale": factor},
            operation="SCALE",
        )
        return node.outputs["Vector"]

    def add(self, first: Value, second: Value) -> Value:
        """Add two colours."""
        return self.shifted(first, second)

    def constant(self, colour: tuple[float, float, float]) -> Value:
        """Colour that is the same everywhere."""
        node = self.node("ShaderNodeRGB", {})
        node.outputs[0].default_value = (*colour, 1.0)
        return node.outputs[0]

    def _mix(self, inputs: dict[str, Value], blend: str) -> Value:
        node = self.node("ShaderNodeMix", inputs, data_type="RGBA", blend_type=blend)
        return next(s for s in node.outputs if s.identifier == "Result_Color")

    def bump(self, height: Value, distance_m: float, strength: float = 1.0) -> Value:
        """Return the normal of a surface raised by height times distance."""
        inputs = {"Height": height, "Distance": distance_m, "Strength": strength}
        return self.node("ShaderNodeBump", inputs).outputs["Normal"]

    def mixed_shader(self, share: Value, first: Value, second: Value | None) -> Value:
        """Blend two shaders; None absorbs all light."""
        node = self.node("ShaderNodeMixShader", {"Fac": share})
        self.tree.links.new(first, node.inputs[1])
        if second is not None:
            self.tree.links.new(second, node.inputs[2])
        return node.outputs[0]

    def surface(self, colour: Value, roughness: Value, **more: Value) -> None:
        """Finish a material with a principled surface; more inputs by name."""
        named = {name.replace("_", " "): value for name, value in more.items()}
        inputs = {"Base Color": colour, "Roughness": roughness, **named}
        shader = self.node("ShaderNodeBsdfPrincipled", inputs)
        output = self.node("ShaderNodeOutputMaterial", {})
        self.tree.links.new(shader.outputs["BSDF"], output.inputs["Surface"])
