import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Order, OrderLine } from './orders.entities.js';

const CUSTOMERS = ['Ada', 'Grace', 'Barbara', 'Frances', 'Radia'];
const PRODUCTS = ['rye bread', 'croissant', 'pretzel'];

@Injectable()
export class OrdersService implements OnApplicationBootstrap {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async onApplicationBootstrap(): Promise<void> {
    const { manager } = this.dataSource;
    if ((await manager.count(Order)) > 0) return;
    for (const customer of CUSTOMERS) {
      const { id } = await manager.save(Order, { customer });
      const lines = PRODUCTS.map((product, index) => ({ product, pieces: index + 1, orderId: id }));
      await manager.save(OrderLine, lines);
    }
  }

  /** One statement for the orders, then one for the lines of each. */
  async pieces(): Promise<Record<string, number>> {
    const pieces: Record<string, number> = {};
    for (const order of await this.dataSource.getRepository(Order).find()) {
      const lines = await order.lines;
      pieces[order.customer] = lines.reduce((sum, line) => sum + line.pieces, 0);
    }
    return pieces;
  }

  /** A transaction of two statements. */
  order(customer: string, product: string): Promise<{ id: number }> {
    return this.dataSource.transaction(async (manager) => {
      const { id } = await manager.save(Order, { customer });
      await manager.insert(OrderLine, { product, pieces: 1, orderId: id });
      return { id };
    });
  }

  /** A column that was renamed, and a statement that nobody told. */
  async invoices(): Promise<string> {
    try {
      await this.dataSource.query('SELECT invoice_number FROM order_line');
      return 'sent';
    } catch {
      return 'none today';
    }
  }

  /** Runs without a request: QueryLens makes the root of its trace. */
  @Interval(10_000)
  async countStock(): Promise<void> {
    await this.dataSource.getRepository(OrderLine).sum('pieces');
  }
}
